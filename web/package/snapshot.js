// The status snapshot and its deltas (credential.md §10.1, §10.2): every status list at once.

import { decode } from "./cbor.js";
import { read } from "./gaps.js";
import { LIST_SIZE, refuse, signedStatus } from "./lists.js";

const SNAPSHOT_BYTES_MAX = 2 ** 23, DELTA_BYTES_MAX = 2 ** 16, LIMIT = 2 ** 40;
// Statuses of the sets of a block; those of a delta have 0, valid again, before them.
const MARKS = [1, 2, 3], ALL = [0, 1, 2, 3];

export async function openSnapshot(bytes, trust) {
  const items = decode(await signedStatus("snapshot", bytes, trust, SNAPSHOT_BYTES_MAX));
  if (!Array.isArray(items) || items.length !== 6 || items[0] !== 1) refuse("version");
  const reach = reachOf(items.slice(1, 5)), blocks = items[5];
  if (!Array.isArray(blocks) || blocks.length !== Math.ceil(reach.issued / LIST_SIZE)) refuse("blocks");
  if (!blocks.every((block) => block instanceof Uint8Array)) refuse("blocks");
  return { ...reach, blocks, changed: new Map() };
}

export async function openDelta(bytes, trust) {
  const items = decode(await signedStatus("delta", bytes, trust, DELTA_BYTES_MAX));
  if (!Array.isArray(items) || items.length !== 7 || items[0] !== 1) refuse("version");
  const [, from, ...rest] = items, reach = reachOf(rest.slice(0, 4));
  if (!(rest[4] instanceof Uint8Array)) refuse("marks");
  return { ...reach, from: count(from), marks: marked(ALL, rest[4], reach.issued) };
}

const count = (item) => (typeof item === "number" && item >= 0 && item < LIMIT ? item : refuse("count"));
const time = (item) => (typeof item === "number" ? item : refuse("time"));
function reachOf([changes, issued, from, until]) {
  return { changes: count(changes), issued: count(issued), issuedAt: time(from), expires: time(until) };
}

// Whether going from one state to another is going back: never to be done.
export const isOlder = (from, to) => to.issuedAt < from.issuedAt || to.changes < from.changes || to.issued < from.issued;

// The state that a delta leads to; a delta continues one state only.
export function follow(state, delta) {
  if (delta.from !== state.changes) refuse("from");
  if (isOlder(state, delta)) refuse("older");
  const { from, marks, ...reach } = delta;
  return { ...reach, blocks: state.blocks, changed: new Map([...state.changed, ...marks]) };
}

// What the status list of a number says, without the reasons; nothing beyond what was issued.
export function listOf(state, number) {
  const first = number * LIST_SIZE, issued = Math.min(state.issued - first, LIST_SIZE);
  if (issued <= 0) return null;
  const marks = marked(MARKS, state.blocks[number] ?? new Uint8Array(), LIST_SIZE);
  if (number === state.blocks.length - 1 && Math.max(-1, ...marks.keys()) >= issued) refuse("marks");
  const changed = [...state.changed].filter(([index]) => index >= first && index < first + LIST_SIZE);
  for (const [index, status] of changed) marks.set(index - first, status);
  const bits = new Uint8Array(LIST_SIZE / 4);
  for (const [entry, status] of marks) bits[entry >> 2] |= status << (2 * (entry & 3));
  return { number, issued, issuedAt: state.issuedAt, expires: state.expires, bits, details: new Map() };
}

function marked(statuses, bytes, universe) {
  if (!bytes.length) return new Map();
  const sets = read(bytes, statuses.length, universe);
  const marks = new Map(sets.flatMap((set, i) => set.map((index) => [index, statuses[i]])));
  const size = sets.reduce((sum, set) => sum + set.length, 0);
  // Nothing marked is written as nothing, and no index stands in two sets.
  return size && marks.size === size ? marks : refuse("marks");
}
