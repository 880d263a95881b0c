// Where signed lists are kept from one visit to the next: bytes by name.

// The browser's cache storage, where the page has it; else as long as the page lives.
export function browserStore(name) {
  return globalThis.caches ? new Kept(name) : memoryStore();
}

class Kept {
  constructor(name) { this.cache = caches.open(name); }

  async get(key) {
    const answer = await (await this.cache).match(`/${key}`);
    return answer && new Uint8Array(await answer.arrayBuffer());
  }

  async put(key, bytes) {
    await (await this.cache).put(`/${key}`, new Response(bytes));
  }
}

export function memoryStore() {
  const kept = new Map();
  return { get: async (key) => kept.get(key), put: async (key, bytes) => { kept.set(key, bytes); } };
}

// Several byte strings as one, so that they are kept together or not at all.
export function packed(parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0));
  let at = 0;
  for (const part of parts) {
    new DataView(out.buffer).setUint32(at, part.length);
    out.set(part, at + 4);
    at += 4 + part.length;
  }
  return out;
}

export function unpacked(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length;) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
    parts.push(bytes.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}
