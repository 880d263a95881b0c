// Where signed lists are kept from one visit to the next: bytes by name.

// A page's local storage, where it has one; else as long as the page lives. It is the one storage that answers
// at once: caches and databases take longer to open than everything else that a check needs.
export function browserStore(name) {
  try {
    return globalThis.document && localStorage ? new Kept(name) : memoryStore();
  } catch {
    // The reader lets no site keep anything.
    return memoryStore();
  }
}

// Texts as they are, other bytes in base64, and which of the two before it.
const TEXT = "t", BYTES = "b";
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function written(bytes) {
  try {
    return TEXT + utf8.decode(bytes);
  } catch {
    return BYTES + (bytes.toBase64?.() ?? btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
  }
}

function read(kept) {
  if (kept[0] === TEXT) return new TextEncoder().encode(kept.slice(1));
  return Uint8Array.fromBase64?.(kept.slice(1)) ?? Uint8Array.from(atob(kept.slice(1)), (c) => c.charCodeAt(0));
}

class Kept {
  constructor(name) { this.name = name; }

  async get(key) {
    const kept = localStorage.getItem(`${this.name}/${key}`);
    return kept === null ? undefined : read(kept);
  }

  async put(key, bytes) {
    try {
      localStorage.setItem(`${this.name}/${key}`, written(bytes));
    } catch {
      // It is full: what is kept stays.
    }
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
