// Checks certificates with what a service signed. Nothing of a certificate is ever sent.

import { Evidence, single } from "./evidence.js";
import { LIST_SIZE } from "./lists.js";
import { hostOf } from "./scan.js";
import { listOf } from "./snapshot.js";
import { browserStore } from "./store.js";
import { answer, judge, open } from "./verify.js";

// How long a check waits for something fresher where it can do without, and where it cannot.
const FRESHER_WITHIN_MS = 1_200, NEEDED_WITHIN_MS = 8_000;
// So long what was fetched is not fetched again, and what did not come is not waited for again.
const FRESH_FOR_MS = 10_000, AWAY_FOR_MS = 30_000;
// A service answers from memory: a list may be signed a moment before a delta that says the same.
const SAME_MOMENT_S = 60;

const within = (promise, ms) => Promise.race([promise, new Promise((done) => setTimeout(done, ms))]).catch(() => {});

export class Verifier {
  #evidence; #origin; #refreshed = -Infinity; #away = -Infinity;

  // `service`: its origin, or "" for the page's own. `root`: its root key in hex; left out, the service is
  // asked for it. `store`: where lists are kept; see store.js.
  constructor({ service = "", root = null, store = browserStore(`mohar-lists-2${service}`) } = {}) {
    const base = service.replace(/\/+$/, "");
    this.#origin = base || globalThis.location?.origin;
    this.#evidence = new Evidence(base, root, store);
  }

  // Titles, sentences and tables in both languages; null before the first contact.
  get schemas() { return this.#evidence.schemas; }

  // When the newest statuses at hand were signed, in seconds since 1970; null: none are at hand.
  get asOf() { return this.#evidence.state?.issuedAt ?? null; }

  // Whether a check can be made without a network.
  async ready() {
    await this.#evidence.load();
    return this.#evidence.complete;
  }

  // Fetches what is newer, unless that was done a moment ago; quietly, where there is no network.
  refresh = single(async () => {
    if (performance.now() - this.#refreshed < FRESH_FOR_MS) return;
    const done = (act) => act().then(() => true, () => false);
    // Where one fails, what is at hand stays in use, and its age is told. Statuses are opened by the trust list:
    // where one that is at hand will do, both come at once; a new one may be needed first.
    const atOnce = (await this.ready()) && done(this.#evidence.statuses);
    const essentials = await done(this.#evidence.essentials);
    const statuses = (await atOnce) || (essentials && (await done(this.#evidence.statuses)));
    if (essentials && statuses) this.#refreshed = performance.now();
  });

  // Judges a text. Null: there is nothing to judge by, and the service cannot be reached. Else the verdict
  // of verify.js with `now` and `clock` (clock.js), and the `host` of a link that is not the service's.
  async check(text) {
    const ready = await this.ready();
    const near = globalThis.navigator?.onLine !== false && performance.now() - this.#away > AWAY_FOR_MS;
    // What nobody waits for comes after the verdict: looking for a service that is away takes its time, too.
    if (ready && !near) return this.#judged(text, true).finally(() => { this.refresh(); });
    const fresh = this.refresh();
    // A first check need not wait for the statuses of all: one list is enough.
    if (!ready) await within(this.#evidence.essentials(), NEEDED_WITHIN_MS);
    else {
      await within(fresh, FRESHER_WITHIN_MS);
      if (performance.now() - this.#refreshed > FRESH_FOR_MS) this.#away = performance.now();
    }
    return this.#evidence.complete ? this.#judged(text, true) : null;
  }

  // Judges a text once more, by what has come in since.
  recheck(text) { return this.#judged(text, false); }

  async #judged(text, mayFetch) {
    const { trust, schemas } = this.#evidence;
    const verdict = await answer(async () => {
      const opened = await open(text, { trust, schemas });
      const lists = await this.#lists(opened.credential.index, mayFetch), time = this.#evidence.time(lists);
      return { ...judge(opened, { trust, lists, now: time.now }), ...time };
    });
    return { ...this.#evidence.time(), ...verdict, host: this.#otherHost(text) };
  }

  // The lists that say something of an index. Which of 131,072 certificates it is stays here.
  async #lists(index, mayFetch) {
    const number = Math.floor(index / LIST_SIZE), entry = index % LIST_SIZE, { state } = this.#evidence;
    const list = state && listOf(state, number), known = list && entry < list.issued;
    const marked = known && list.bits[entry >> 2] >> (2 * (entry & 3)) & 3;
    if (!mayFetch || (known && !marked)) return list ? [list] : [];
    // The snapshot has no reasons, and before it is here a list is shorter.
    const fetched = await within(this.#evidence.list(number), known ? FRESHER_WITHIN_MS : NEEDED_WITHIN_MS);
    const reason = fetched?.details.has(entry) && fetched.issuedAt + SAME_MOMENT_S >= (list?.issuedAt ?? 0);
    return (reason ? [fetched] : [list, fetched]).filter(Boolean);
  }

  #otherHost(text) {
    const host = hostOf(text), own = [this.#origin, ...(this.#evidence.root?.links ?? [])].filter(Boolean);
    return host && !own.some((origin) => new URL(origin).host === host) ? host : null;
  }
}
