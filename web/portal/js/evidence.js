// What a check needs from the network: schemas, root, trust list, status lists. The newest signed
// answer is kept, so that a check works offline and nobody can hand us an older list.

import { fromHex } from "./bytes.js";
import { LIST_SIZE, openStatus, openTrust } from "./lists.js";

const KEPT = "mohar-lists-1";
const WAIT_MS = 6000;

async function fetched(path) {
  const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(WAIT_MS) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function kept(path) {
  const answer = await (await caches.open(KEPT)).match(path);
  return answer && new Uint8Array(await answer.arrayBuffer());
}

// The newest of what the network and the store have; `age` orders them.
async function newest(path, open, age) {
  const attempt = async (bytes) => bytes && { bytes, list: await open(bytes) };
  const [old, fresh] = await Promise.all([
    kept(path).then(attempt).catch(() => null),
    fetched(path).then(attempt).catch(() => null),
  ]);
  if (fresh && (!old || age(fresh.list) >= age(old.list))) {
    await (await caches.open(KEPT)).put(path, new Response(fresh.bytes));
    return fresh.list;
  }
  return old?.list;
}

export async function load() {
  const text = (path) => fetched(path).catch(() => kept(path));
  const [root, schemas] = await Promise.all(["/v1/root", "/schemas.json"].map(text));
  if (!root || !schemas) return null;
  const store = await caches.open(KEPT);
  await Promise.all([store.put("/v1/root", new Response(root)), store.put("/schemas.json", new Response(schemas))]);
  const json = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
  const key = fromHex(json(root).root);
  const trust = await newest("/v1/trust-list", (bytes) => openTrust(bytes, key), (list) => list.version);
  return trust && { trust, schemas: json(schemas), lists: [], now: Math.floor(Date.now() / 1000) };
}

// Adds the status list of an index. Which of 131,072 certificates is meant stays here.
export async function withStatus(evidence, index) {
  const number = Math.floor(index / LIST_SIZE);
  const list = await newest(`/v1/status-lists/${number}`, (bytes) => openStatus(bytes, evidence.trust), (l) => l.issuedAt);
  return { ...evidence, lists: list ? [list] : [], now: Math.floor(Date.now() / 1000) };
}
