/** A text in both languages. */
export interface Both { en: string; hi: string }

/** The codes of credential.md §11. */
export type Code =
  | "genuine" | "status-stale" | "status-unknown" | "expired" | "not-yet-valid" | "revoked" | "suspended"
  | "superseded" | "altered" | "unknown-issuer" | "key-not-allowed" | "key-compromised" | "newer-version"
  | "damaged" | "not-a-certificate" | "unreadable-picture";

/** Types, tables and sentences, as a service has them at /schemas.json. */
export interface Schemas {
  profile: 1;
  types: unknown[];
  tables: { id: string; row: Both[] }[];
  verdicts: Record<Code, Record<string, unknown>>;
  foreign: Record<string, Both>;
}

export interface TrustedKey {
  key: Uint8Array; kid: Uint8Array; role: 0 | 1; department: string; types: number[];
  /** Day numbers. */
  from: number; until: number | null;
  /** 0 active, 1 retired, 2 compromised. */
  state: 0 | 1 | 2; fromIndex: number | null;
}

/** An opened trust list; times in seconds since 1970. */
export interface Trust { version: number; issuedAt: number; due: number; keys: TrustedKey[] }

export interface Detail { since: number; reason: number; by: number | null }

/** An opened status list, or what a snapshot says of one. */
export interface StatusList {
  number: number; issued: number; issuedAt: number; expires: number; bits: Uint8Array; details: Map<number, Detail>;
}

/** An opened snapshot and the deltas that were applied to it. */
export interface State {
  changes: number; issued: number; issuedAt: number; expires: number;
  blocks: Uint8Array[]; changed: Map<number, 0 | 1 | 2 | 3>;
}

export interface Delta {
  from: number; changes: number; issued: number; issuedAt: number; expires: number; marks: Map<number, 0 | 1 | 2 | 3>;
}

/** What a verdict is reached by. */
export interface Evidence { trust: Trust; schemas: Schemas; lists: StatusList[]; now: number }

export interface Credential {
  type: { code: number; revision: number; prefix: string; title_en: string; title_hi: string };
  index: number; office: Both; issued: number; from: number; until: number | null; values: (Both | null)[];
}

/** A signed credential and the key that signed it. */
export interface Opened { key: TrustedKey; credential: Credential }

export interface Verdict {
  code: Code;
  credential?: Credential;
  /** When the status it was judged by was signed. */
  asOf?: number;
  detail?: Detail;
  /** The trust list is past its time. */
  old?: boolean;
  /** What the code is, where it is not a certificate's. */
  foreign?: string;
}

export type Clock = "right" | "behind" | "ahead";
export interface Time { now: number; clock: Clock; device: number }

/** A verdict of Verifier: with the time it was reached at, and the host of a link that is not the service's. */
export interface Checked extends Verdict, Time { host: string | null }

export interface Line { id: string; label: Both; value: Both }

/** A verdict in words. */
export interface Report {
  code: Code; tone: "good" | "warn" | "bad"; title: Both; message: Both; advice: Both; asOf: Both | null;
  number: string | null; certificate: Both | null; lines: Line[];
  /** What else the reader should know: an old list, a wrong clock, a link to another site. */
  notes: Both[];
}

/** Where lists are kept from one visit to the next. */
export interface Store {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

/** Checks certificates with what a service signed; nothing of a certificate is ever sent. */
export class Verifier {
  constructor(options?: { service?: string; root?: string | null; store?: Store });
  /** Null before the first contact with the service. */
  get schemas(): Schemas | null;
  /** When the newest statuses at hand were signed; null: none are. */
  get asOf(): number | null;
  /** Whether a check can be made without a network. */
  ready(): Promise<boolean>;
  /** Fetches what is newer. */
  refresh(): Promise<void>;
  /** Null: there is nothing to judge by, and the service cannot be reached. */
  check(text: string): Promise<Checked | null>;
  /** Once more, by what has come in since. */
  recheck(text: string): Promise<Checked>;
}

/** Whether this browser can check Ed25519 signatures. */
export function capable(): Promise<boolean>;
export function fromHex(hex: string): Uint8Array;
/** The bytes of a code's text or digits; throws where they are not ours. */
export function bytesOf(text: string): Uint8Array;
/** The host of a link, or null. */
export function hostOf(text: string): string | null;
/** Each throws where the bytes are not what they should be, or not signed by whom they should. */
export function openTrust(bytes: Uint8Array, root: Uint8Array): Promise<Trust>;
export function openStatus(bytes: Uint8Array, trust: Trust): Promise<StatusList>;
export function openSnapshot(bytes: Uint8Array, trust: Trust): Promise<State>;
export function openDelta(bytes: Uint8Array, trust: Trust): Promise<Delta>;
/** The state that a delta leads to; throws where it does not continue this one, or goes back. */
export function follow(state: State, delta: Delta): State;
export function isOlder(from: State, to: State | Delta): boolean;
export function listOf(state: State, number: number): StatusList | null;
export function timeOf(device: number, newest: number, met: { device: number; signed: number } | null): Time;
export function open(text: string, evidence: Pick<Evidence, "trust" | "schemas">): Promise<Opened>;
export function judge(opened: Opened, evidence: Pick<Evidence, "trust" | "lists" | "now">): Verdict;
/** Runs a check to its verdict, early or not. */
export function answer<V extends Verdict>(check: () => Promise<V>): Promise<V | Verdict>;
export function verifyText(text: string, evidence: Evidence): Promise<Verdict>;
/** With `now`, the time of the status is told as seen from then. */
export function report(verdict: Verdict & Partial<Checked>, schemas: Schemas, now?: number): Report;
/** The answer of POST /v1/verify in the same shape. */
export function reportOfServer(answer: Record<string, unknown>, schemas: Schemas): Report;
/** A time in India as people write it, and as they say it seen from a later one. */
export function moment(seconds: number): string;
export function sinceWhen(seconds: number, now: number): Both;
export function browserStore(name: string): Store;
export function memoryStore(): Store;
