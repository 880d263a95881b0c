// COSE_Sign1 with Ed25519 in the profile's one form (credential.md §4).

import { byteString, decode, textString } from "./cbor.js";
import { damaged, fromHex, join, same, sha256 } from "./bytes.js";

const CONTEXTS = {
  certificate: "mohar/certificate/1", trust: "mohar/trust-list/1", status: "",
  snapshot: "mohar/status-snapshot/1", delta: "mohar/status-delta/1",
};
const STATUS_TYPE = "application/statuslist+cwt";

export const keyId = async (key) => (await sha256(key)).slice(0, 4);

// Takes a message apart; the signature is not checked here.
export function parse(purpose, bytes) {
  if (purpose === "status") {
    if (bytes[0] !== 0xd2) damaged();
    bytes = bytes.slice(1);
  }
  const parts = decode(bytes);
  if (!Array.isArray(parts) || parts.length !== 4) damaged();
  const [header, open, payload, signature] = parts;
  if (!(open instanceof Map) || open.size) damaged();
  if (![header, payload, signature].every((part) => part instanceof Uint8Array)) damaged();
  if (signature.length !== 64) damaged();
  const fields = decode(header);
  const kid = fields instanceof Map ? fields.get(4) : null;
  if (!(kid instanceof Uint8Array) || kid.length !== 4 || !same(header, protectedHeader(purpose, kid))) damaged();
  const context = new TextEncoder().encode(CONTEXTS[purpose]);
  const toBeSigned = join([0x84], textString("Signature1"), byteString(header), byteString(context), byteString(payload));
  return { kid, payload, signature, toBeSigned };
}

function protectedHeader(purpose, kid) {
  const start = purpose === "status" ? [0xa3, 0x01, 0x27, 0x04] : [0xa2, 0x01, 0x27, 0x04];
  return join(start, byteString(kid), purpose === "status" ? join([0x10], textString(STATUS_TYPE)) : []);
}

// Orders 1, 2, 4, 8 and 8: the y of the points that sign anything.
const SMALL = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
].map(fromHex);
const PRIME = (1n << 255n) - 19n;
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;

const number = (littleEndian) => littleEndian.reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n);

function weak(point) {
  const y = point.slice();
  y[31] &= 0x7f;
  return number(y) >= PRIME || SMALL.some((small) => same(small, y));
}

// RFC 8032 with the strict rules, which WebCrypto leaves open: no second form, no small order.
export async function strict(key, message) {
  const { signature, toBeSigned } = message;
  if (number(signature.slice(32)) >= ORDER || weak(key) || weak(signature.slice(0, 32))) return false;
  const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", imported, signature, toBeSigned);
}

// Whether this browser can check at all.
export async function capable() {
  try {
    await crypto.subtle.importKey("raw", fromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"), "Ed25519", false, ["verify"]);
    return typeof DecompressionStream === "function";
  } catch {
    return false;
  }
}
