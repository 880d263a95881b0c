// What the package keeps and what it takes, where the network hands out this and that: node evidence.mjs
// VECTORS.json. The network is a table of addresses and answers; everything signed is from the vectors.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fromHex, memoryStore } from "../../web/package/index.js";
import { Evidence } from "../../web/package/evidence.js";

const v = JSON.parse(readFileSync(process.argv[2], "utf8"));
const named = (name) => v.snapshots.find((c) => c.name === name);
const { snapshot, deltas: [first, second] } = named("two-deltas");
const nothing = named("nothing-changed").deltas[0], base = named("each-status-in-two-blocks");
const text = (value) => new TextEncoder().encode(JSON.stringify(value));

let network = {};
let asked = [];
globalThis.fetch = async (path) => {
  asked.push(path);
  const body = network[path];
  if (!body) throw new TypeError("no network");
  return new Response(typeof body === "string" ? fromHex(body) : body);
};
const always = { "/v1/root": text({ root: v.root, links: [] }), "/v1/trust-list": v.trust_list, "/schemas.json": text({}) };

async function visit(store, answers) {
  network = { ...always, ...answers };
  asked = [];
  const evidence = new Evidence("", null, store);
  await evidence.essentials().catch(() => {});
  await evidence.statuses().catch(() => {});
  return evidence.state?.changes;
}

const store = memoryStore();
assert.equal(await visit(store, { "/v1/status-snapshot": snapshot }), 5);
assert.equal(await visit(store, { "/v1/status-deltas/5": first }), 7, "a delta leads on");
assert.ok(!asked.includes("/v1/status-snapshot"), "and is all that is fetched");
assert.equal(await visit(store, { "/v1/status-deltas/7": second }), 9, "so does the next");

// Without a network: what was kept.
network = {};
const kept = new Evidence("", null, store);
await kept.load();
assert.ok(kept.complete && kept.state.changes === 9);
assert.equal(kept.state.issued, named("two-deltas").issued);

// Somebody hands out what was true before.
for (const older of [{ "/v1/status-snapshot": snapshot }, { "/v1/status-deltas/9": first }, { "/v1/status-deltas/9": second },
  { "/v1/status-snapshot": base.snapshot, "/v1/status-deltas/5": first }, { "/v1/status-deltas/9": nothing }]) {
  assert.equal(await visit(store, older), 9, `${Object.keys(older)}`);
}
// Or what nobody signed, or something that is no snapshot at all.
for (const { name, snapshot, deltas } of v.refused_snapshots.filter((c) => c.name !== "delta-twice")) {
  const empty = memoryStore();
  const answers = { "/v1/status-snapshot": snapshot, "/v1/status-deltas/2": deltas.at(-1) };
  const changes = await visit(empty, answers);
  // What is wrong inside a block shows when the block is read.
  assert.ok([undefined, 2].includes(changes), `${name}: ${changes}`);
}

// What is kept is spoiled: as on a first visit.
const spoiled = memoryStore();
await visit(spoiled, { "/v1/status-snapshot": snapshot, "/v1/status-deltas/5": first });
await spoiled.put("status", new Uint8Array([0, 0, 0, 3, 1, 2, 3]));
assert.equal(await visit(spoiled, {}), undefined);
assert.equal(await visit(spoiled, { "/v1/status-snapshot": snapshot, "/v1/status-deltas/5": first }), 7);

// A pinned root is not taken from the network.
network = { ...always, "/v1/status-snapshot": snapshot };
const pinned = new Evidence("", v.public_keys.outsider, memoryStore());
await assert.rejects(pinned.essentials());
assert.equal(pinned.complete, false);
console.log("all as it should be");
