// Trust list and status lists: opening them (credential.md §9, §10).

import { Refused, join, same } from "./bytes.js";
import { decode } from "./cbor.js";
import { keyId, parse, strict } from "./cose.js";
import { FIRST_DAY, LAST_DAY } from "./credential.js";

export const LIST_SIZE = 2 ** 17;
const TRUST_BYTES_MAX = 2 ** 20, LIST_BYTES_MAX = 2 ** 22, UNPACKED_MAX = 2 ** 20;

export const refuse = (why) => { throw new Refused("list", { why }); };

const array = (item, length = item?.length) => (Array.isArray(item) && item.length === length ? item : refuse("shape"));
const whole = (item, low = -Infinity, high = Infinity) =>
  (["number", "bigint"].includes(typeof item) && item >= low && item <= high ? item : refuse("shape"));
const day = (item) => whole(item, FIRST_DAY, LAST_DAY);
const orNull = (read) => (item) => (item === null ? null : read(item));
const bytes = (item, length = item?.length) => (item instanceof Uint8Array && item.length === length ? item : refuse("shape"));
const text = (item) => (typeof item === "string" ? item : refuse("shape"));

export async function openTrust(message, root) {
  if (message.length > TRUST_BYTES_MAX) refuse("size");
  const { kid, payload, ...signed } = parse("trust", message);
  if (!same(kid, await keyId(root)) || !(await strict(root, signed))) refuse("signature");
  const [format, version, issuedAt, due, keys, digests] = array(decode(payload), 6);
  if (format !== 1) refuse("version");
  for (const [name, sha256] of array(digests).map((pair) => array(pair, 2))) { text(name); bytes(sha256, 32); }
  return {
    version: whole(version, 0), issuedAt: whole(issuedAt), due: whole(due),
    keys: await Promise.all(array(keys).map(trustedKey)),
  };
}

async function trustedKey(item) {
  const [key, role, department, types, from, until, state, fromIndex] = array(item, 8);
  return {
    key: bytes(key, 32), kid: await keyId(key), role: whole(role, 0, 1), department: text(department),
    types: array(types).map((code) => whole(code, 0, 65_535)), from: day(from), until: orNull(day)(until),
    state: whole(state, 0, 2), fromIndex: state === 2 ? whole(fromIndex, 0) : fromIndex === null ? null : refuse("shape"),
  };
}

// The payload of something that a key for status lists signed.
export async function signedStatus(purpose, message, trust, most) {
  if (message.length > most) refuse("size");
  const { kid, payload, ...signed } = parse(purpose, message);
  const keys = trust.keys.filter((k) => k.role === 1 && k.state !== 2 && same(k.kid, kid));
  const checks = await Promise.all(keys.map((k) => strict(k.key, signed)));
  return checks.includes(true) ? payload : refuse("signature");
}

export async function openStatus(message, trust) {
  const claims = decode(await signedStatus("status", message, trust, LIST_BYTES_MAX));
  if (!(claims instanceof Map) || !(claims.get(65_533) instanceof Map)) refuse("shape");
  const list = claims.get(65_533), [issued, details] = array(claims.get(-65_537), 2);
  if (list.get("bits") !== 2) refuse("bits");
  return {
    number: whole(Number(/\/([0-9]+)$/.exec(text(claims.get(2)))?.[1] ?? refuse("address")), 0, 2 ** 40),
    issuedAt: whole(claims.get(6)),
    expires: whole(claims.get(4)),
    issued: whole(issued, 0),
    bits: await inflate(bytes(list.get("lst"))),
    details: new Map(array(details).map(detail)),
  };
}

function detail(item) {
  const [entry, since, reason, by] = array(item, 4);
  const known = { since: day(since), reason: whole(reason, 0, 65_535), by: orNull((index) => whole(index, 0))(by) };
  return [whole(entry, 0, LIST_SIZE - 1), known];
}

async function inflate(zlib) {
  const reader = new Blob([zlib]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const parts = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.length;
    if (size > UNPACKED_MAX) refuse("size");
  }
  return join(...parts);
}

// The newest word on an index: 0 valid, 1 revoked, 2 suspended, 3 superseded; nothing where no list covers it.
export function statusOf(lists, index) {
  const entry = index % LIST_SIZE, number = Math.floor(index / LIST_SIZE);
  const covers = (list) => list.number === number && entry < list.issued && entry < list.bits.length * 4;
  // Of two signed in the same second, the one that came last.
  const list = lists.filter(covers).reduce((best, l) => (best && best.issuedAt > l.issuedAt ? best : l), null);
  return list && { status: list.bits[entry >> 2] >> (2 * (entry & 3)) & 3, list, detail: list.details.get(entry) };
}
