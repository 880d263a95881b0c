// The profile's subset of SCSU (credential.md §5.2).

import { damaged, same } from "./bytes.js";

const SC4 = 0x14, SQ4 = 0x05, SQ5 = 0x06, SQU = 0x0e;

export function encode(text) {
  const out = [];
  let devanagari = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit <= 0x7f) out.push(unit);
    else if (unit >= 0x900 && unit <= 0x97f) {
      if (!devanagari) out.push(SC4);
      devanagari = true;
      out.push(0x80 | unit & 0x7f);
    } else if (unit >= 0x2000 && unit <= 0x207f) out.push(SQ4, unit & 0x7f);
    else if (unit >= 0x2080 && unit <= 0x20ff) out.push(SQ5, unit & 0x7f);
    else out.push(SQU, unit >> 8, unit & 255);
  }
  return Uint8Array.from(out);
}

export function decode(bytes) {
  let text = "", devanagari = false;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at];
    const [unit, used] = byte >= 0x20 && byte <= 0x7f ? [byte, 1]
      : byte === SC4 ? [-1, 1]
      : byte >= 0x80 && devanagari ? [0x900 + (byte & 0x7f), 1]
      : byte === SQ4 ? [0x2000 + (bytes[at + 1] & 0x7f), 2]
      : byte === SQ5 ? [0x2080 + (bytes[at + 1] & 0x7f), 2]
      : byte === SQU ? [bytes[at + 1] << 8 | bytes[at + 2], 3]
      : damaged();
    at += used;
    if (at > bytes.length) damaged();
    if (unit < 0) devanagari = true;
    else text += String.fromCharCode(unit);
  }
  // Half a surrogate pair, or a spelling that the encoder does not use.
  return /[\ud800-\udfff]/u.test(text) || !same(encode(text), bytes) ? damaged() : text;
}
