// From a scanned text to bytes (credential.md §6).

import { Refused, damaged } from "./bytes.js";

const SIZES = { 3: 1, 5: 2, 8: 3, 10: 4, 13: 5, 15: 6, 17: 7 };
const STARTS = [
  ["upi:", "upi"], ["begin:vcard", "contact"], ["mecard:", "contact"], ["wifi:", "wifi"], ["mailto:", "email"],
  ["tel:", "phone"], ["geo:", "location"], ["hc1:", "eu-health"], ["shc:/", "smart-health"],
  ["mdoc:", "driving-licence-mdoc"], ["<?xml", "aadhaar"], ["<printletterbarcodedata", "aadhaar"],
];
const LINK = /^https?:\/\//i;
// Unicode's White_Space, which is not what trim() takes off.
const AROUND = /^\p{White_Space}+|\p{White_Space}+$/gu;

export function bytesOf(text) {
  text = text.replace(AROUND, "");
  const sharp = text.indexOf("#");
  const digits = sharp >= 0 && LINK.test(text) ? text.slice(sharp + 1) : text;
  if (digits.length < 64 || !/^[0-9]+$/.test(digits)) throw new Refused("not-a-certificate", { foreign: foreign(text) });
  if (digits.length > 2500) throw new Refused("not-a-certificate", { foreign: "aadhaar" });
  const out = [];
  for (let at = 0; at < digits.length; at += 17) {
    const group = digits.slice(at, at + 17);
    const size = SIZES[group.length];
    if (!size) damaged();
    let value = BigInt(group);
    for (let i = 0; i < size; i++, value >>= 8n) out.push(Number(value & 255n));
    if (value) damaged();
  }
  return Uint8Array.from(out);
}

function foreign(text) {
  const start = text.slice(0, 40).toLowerCase();
  const known = STARTS.find(([prefix]) => start.startsWith(prefix));
  return known ? known[1] : LINK.test(start) ? "web-link" : "text";
}

// The host of a link, or null. It says nothing about the certificate, but something about who printed it.
export function hostOf(text) {
  try {
    const link = text.replace(AROUND, "");
    return LINK.test(link) ? new URL(link).host : null;
  } catch {
    return null;
  }
}
