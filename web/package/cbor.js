// Deterministic CBOR (credential.md §3): one encoding for each value, all else is refused.

import { damaged, join } from "./bytes.js";

const DEPTH_MAX = 6, ENTRIES_MAX = 64;

export function decode(bytes) {
  const [item, end] = read(bytes, 0, DEPTH_MAX);
  return end === bytes.length ? item : damaged();
}

function read(bytes, at, depth) {
  if (depth === 0 || at >= bytes.length) damaged();
  const major = bytes[at] >> 5;
  if (bytes[at] === 0xf6) return [null, at + 1];
  if (major > 5) damaged();
  const [value, next] = head(bytes, at);
  if (major === 0) return [value, next];
  if (major === 1) return [typeof value === "bigint" ? -1n - value : -1 - value, next];
  if (typeof value === "bigint" || value > bytes.length) damaged();
  if (major === 2 || major === 3) {
    if (next + value > bytes.length) damaged();
    const part = bytes.slice(next, next + value);
    return [major === 2 ? part : utf8(part), next + value];
  }
  return major === 4 ? array(bytes, next, value, depth) : map(bytes, next, value, depth);
}

// The number behind a head; a head that could be shorter is refused.
function head(bytes, at) {
  const info = bytes[at] & 31;
  if (info < 24) return [info, at + 1];
  if (info > 27) damaged();
  const size = 1 << (info - 24);
  if (at + 1 + size > bytes.length) damaged();
  let value = 0n;
  for (let i = 1; i <= size; i++) value = value << 8n | BigInt(bytes[at + i]);
  const least = [24n, 1n << 8n, 1n << 16n, 1n << 32n][info - 24];
  if (value < least || value >> 63n) damaged();
  return [value <= Number.MAX_SAFE_INTEGER ? Number(value) : value, at + 1 + size];
}

function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return damaged();
  }
}

function array(bytes, at, length, depth) {
  const items = [];
  for (let i = 0; i < length; i++) {
    const [item, next] = read(bytes, at, depth - 1);
    items.push(item);
    at = next;
  }
  return [items, at];
}

function map(bytes, at, length, depth) {
  if (length > ENTRIES_MAX) damaged();
  const entries = new Map();
  for (let i = 0; i < length; i++) {
    const [key, middle] = read(bytes, at, depth - 1);
    if (!["number", "bigint", "string"].includes(typeof key)) damaged();
    const [value, next] = read(bytes, middle, depth - 1);
    if (entries.has(key)) damaged();
    entries.set(key, value);
    at = next;
  }
  return [entries, at];
}

// The head of a byte string (major 2) or text string (major 3).
function lengthHead(major, length) {
  if (length < 24) return [major << 5 | length];
  if (length < 0x100) return [major << 5 | 24, length];
  if (length < 0x10000) return [major << 5 | 25, length >> 8, length & 255];
  return [major << 5 | 26, length >>> 24, length >> 16 & 255, length >> 8 & 255, length & 255];
}

export const byteString = (bytes) => join(lengthHead(2, bytes.length), bytes);
export const textString = (text) => {
  const bytes = new TextEncoder().encode(text);
  return join(lengthHead(3, bytes.length), bytes);
};
