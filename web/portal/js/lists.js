// Trust list and status lists: opening them (credential.md §9, §10).

import { Refused, same } from "./bytes.js";
import { decode } from "./cbor.js";
import { keyId, parse, strict } from "./cose.js";

export const LIST_SIZE = 2 ** 17;
const UNPACKED_MAX = 2 ** 20;

const refuse = (why) => { throw new Refused("list", { why }); };

export async function openTrust(bytes, root) {
  const message = parse("trust", bytes);
  if (!same(message.kid, await keyId(root)) || !(await strict(root, message))) refuse("signature");
  const [format, version, issuedAt, due, keys] = decode(message.payload);
  if (format !== 1) refuse("version");
  const named = keys.map(async ([key, role, department, types, from, until, state, fromIndex]) =>
    ({ key, kid: await keyId(key), role, department, types, from, until, state, fromIndex }));
  return { version, issuedAt, due, keys: await Promise.all(named) };
}

export async function openStatus(bytes, trust) {
  const message = parse("status", bytes);
  const keys = trust.keys.filter((k) => k.role === 1 && k.state !== 2 && same(k.kid, message.kid));
  const checks = await Promise.all(keys.map((k) => strict(k.key, message)));
  if (!checks.includes(true)) refuse("signature");
  const claims = decode(message.payload);
  const list = claims.get(65_533), [issued, details] = claims.get(-65_537);
  if (list.get("bits") !== 2) refuse("bits");
  return {
    number: Number(claims.get(2).split("/").pop()),
    issuedAt: claims.get(6),
    expires: claims.get(4),
    issued,
    bits: await inflate(list.get("lst")),
    details: new Map(details.map(([entry, since, reason, by]) => [entry, { since, reason, by }])),
  };
}

async function inflate(zlib) {
  const reader = new Blob([zlib]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const out = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    for (const byte of part.value) out.push(byte);
    if (out.length > UNPACKED_MAX) refuse("size");
  }
  return Uint8Array.from(out);
}

// The newest word on an index: 0 valid, 1 revoked, 2 suspended, 3 superseded; nothing where no list reaches it.
export function statusOf(lists, index) {
  const entry = index % LIST_SIZE, number = Math.floor(index / LIST_SIZE);
  const found = lists.filter((l) => l.number === number && entry < l.issued).sort((a, b) => b.issuedAt - a.issuedAt);
  const list = found[0];
  return list && { status: list.bits[entry >> 2] >> (2 * (entry & 3)) & 3, list, detail: list.details.get(entry) };
}
