// Bytes and small helpers that every module shares.

export const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

export function join(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

// Ends a check with a verdict; the code says which.
export class Refused extends Error {
  constructor(code, more = {}) { super(code); this.code = code; this.more = more; }
}
export const damaged = () => { throw new Refused("damaged"); };
