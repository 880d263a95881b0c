// What a service signed: root, trust list, schemas and statuses, fetched and kept. The newest is kept, so
// that a check works without a network and nobody can hand out an older state.

import { fromHex } from "./bytes.js";
import { timeOf } from "./clock.js";
import { openStatus, openTrust } from "./lists.js";
import { follow, isOlder, openDelta, openSnapshot } from "./snapshot.js";
import { packed, unpacked } from "./store.js";

const FETCH_WITHIN_MS = 15_000;
// So many deltas are kept behind one another; then one from the snapshot on replaces them.
const DELTAS_MAX = 8;
// So many changes since the snapshot are worth another one.
const CHANGED_MAX = 1_000;

const deviceTime = () => Math.floor(Date.now() / 1000);
const json = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

// Gives the same promise while one is under way.
export function single(act) {
  let running = null;
  return () => (running ??= act().finally(() => { running = null; }));
}

// There is no network, or no service.
class Unreachable extends Error {}
const unlessReached = (error) => { if (error instanceof Unreachable) throw error; };

export class Evidence {
  root = null; trust = null; schemas = null;
  // The statuses, snapshot and deltas together; and the bytes they came as, each with the state it leads to.
  state = null; #parts = [];
  // What the device's clock showed when something signed a moment before came in.
  #met = null;
  #base; #pinned; #store; #loading;

  constructor(base, pinned, store) {
    this.#base = base;
    this.#pinned = pinned;
    this.#store = store;
  }

  // Whether a check can be made.
  get complete() { return Boolean(this.trust && this.schemas); }

  // Reads what is kept, once.
  load() { return (this.#loading ??= this.#readKept()); }

  // What no check can be made without.
  essentials = single(async () => {
    await this.load();
    await Promise.all([this.#refreshTrust(), this.#refreshSchemas()]);
  });

  // The statuses of all certificates.
  statuses = single(async () => {
    await this.load();
    const small = this.state && this.state.changed.size <= CHANGED_MAX;
    if (small && (await this.#addDelta().catch(unlessReached))) return;
    const snapshot = await this.#fetched("/v1/status-snapshot");
    const state = await openSnapshot(snapshot, this.trust);
    if (this.state && isOlder(this.state, state)) return;
    await this.#take([{ bytes: snapshot, state }]);
    await this.#addDelta();
  });

  // One status list, with the reasons.
  async list(number) {
    const device = deviceTime(), list = await openStatus(await this.#fetched(`/v1/status-lists/${number}`), this.trust);
    await this.#meet(device, list.issuedAt);
    return list;
  }

  // What time it is, and whether the device's clock is right about it.
  time(lists = []) {
    const signed = [this.trust.issuedAt, this.state?.issuedAt ?? 0, ...lists.map((list) => list.issuedAt)];
    return timeOf(deviceTime(), Math.max(...signed), this.#met);
  }

  async #fetched(path) {
    const signal = AbortSignal.timeout(FETCH_WITHIN_MS);
    const answer = await fetch(this.#base + path, { cache: "no-cache", credentials: "omit", signal })
      .catch(() => { throw new Unreachable(path); });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  #rootOf(bytes) {
    const root = json(bytes);
    return this.#pinned ? { ...root, root: this.#pinned } : root;
  }

  async #readKept() {
    const [root, schemas, trust, status, met] =
      await Promise.all(["root", "schemas", "trust-list", "status", "met"].map((key) => this.#store.get(key)));
    if (!root || !schemas || !trust) return;
    try {
      this.root = this.#rootOf(root);
      this.trust = await openTrust(trust, fromHex(this.root.root));
      this.schemas = json(schemas);
      this.#met = met ? json(met) : null;
      if (status) await this.#readStatus(unpacked(status));
    } catch {
      // Spoiled, or not trusted any more: as if nothing were kept.
    }
  }

  async #readStatus([snapshot, ...deltas]) {
    const parts = [{ bytes: snapshot, state: await openSnapshot(snapshot, this.trust) }];
    const opened = await Promise.all(deltas.map((bytes) => openDelta(bytes, this.trust)));
    opened.forEach((delta, i) => parts.push({ bytes: deltas[i], state: follow(parts[i].state, delta) }));
    this.#use(parts);
  }

  #use(parts) {
    this.#parts = parts;
    this.state = parts.at(-1).state;
  }

  async #take(parts) {
    this.#use(parts);
    await this.#store.put("status", packed(parts.map((part) => part.bytes)));
  }

  // Fetches what changed since. False: there is no such delta, or it is older than what is at hand.
  async #addDelta() {
    const [snapshot, ...deltas] = this.#parts, device = deviceTime();
    // Those in which nothing changed only moved the time; the next does that, too.
    const told = deltas.filter((part, i) => part.state.changes !== this.#parts[i].state.changes);
    const kept = [snapshot, ...(told.length < DELTAS_MAX ? told : [])], { state } = kept.at(-1);
    const bytes = await this.#fetched(`/v1/status-deltas/${state.changes}`);
    const delta = await openDelta(bytes, this.trust);
    if (isOlder(this.state, delta)) return false;
    await this.#take([...kept, { bytes, state: follow(state, delta) }]);
    await this.#meet(device, delta.issuedAt);
    return true;
  }

  // Lists and deltas are signed within the minute in which they are answered.
  async #meet(device, signed) {
    this.#met = { device, signed };
    await this.#store.put("met", new TextEncoder().encode(JSON.stringify(this.#met)));
  }

  async #refreshTrust() {
    const [rootBytes, bytes] = await Promise.all([this.#fetched("/v1/root"), this.#fetched("/v1/trust-list")]);
    const root = this.#rootOf(rootBytes), trust = await openTrust(bytes, fromHex(root.root));
    if (this.trust && trust.version < this.trust.version) return;
    [this.root, this.trust] = [root, trust];
    await Promise.all([this.#store.put("root", rootBytes), this.#store.put("trust-list", bytes)]);
  }

  async #refreshSchemas() {
    const bytes = await this.#fetched("/schemas.json");
    this.schemas = json(bytes);
    await this.#store.put("schemas", bytes);
  }
}
