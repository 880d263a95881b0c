// The verdict: a function of (text, lists, schemas, time). The order of the checks is credential.md §11.

import { Refused, same } from "./bytes.js";
import { parse, strict } from "./cose.js";
import { decode } from "./credential.js";
import { statusOf } from "./lists.js";
import { bytesOf } from "./scan.js";

const INDIA_AHEAD_S = 19_800;

// What the signature alone proves: the credential and its key, or an early verdict.
export async function open(text, { trust, schemas }) {
  const message = parse("certificate", bytesOf(text));
  const known = trust.keys.filter((k) => k.role === 0 && same(k.kid, message.kid));
  if (!known.length) throw new Refused("unknown-issuer");
  for (const key of known) {
    if (await strict(key.key, message)) return { key, credential: decode(message.payload, schemas) };
  }
  throw new Refused("altered");
}

export function judge({ key, credential: c }, { trust, lists, now }) {
  const found = statusOf(lists, c.index);
  const verdict = (code) => ({ code, credential: c, asOf: found?.list.issuedAt, detail: found?.detail, old: now > trust.due });
  const inTime = key.from <= c.issued && (key.until === null || c.issued <= key.until);
  if (!key.types.includes(c.type.code) || c.office.department !== key.department || !inTime) return verdict("key-not-allowed");
  if (key.state === 2 && c.index >= key.fromIndex) return verdict("key-compromised");
  if (found?.status) return verdict([, "revoked", "suspended", "superseded"][found.status]);
  const today = Math.floor((now + INDIA_AHEAD_S) / 86_400);
  if (today < c.from) return verdict("not-yet-valid");
  if (c.until !== null && c.until < today) return verdict("expired");
  if (!found) return verdict("status-unknown");
  return verdict(found.list.expires < now ? "status-stale" : "genuine");
}

// Runs a check to its verdict, early or not.
export async function answer(check) {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Refused && error.code !== "list") return { code: error.code, ...error.more };
    throw error;
  }
}

export const verifyText = (text, evidence) => answer(async () => judge(await open(text, evidence), evidence));
