// Other people's code, as tsc reads it: every export of the package, used as its types say.

import * as mohar from "../../web/package/index.js";
import type { Checked, Report, Store } from "../../web/package/index.js";
import "../../web/package/element.js";

export async function check(text: string, service: string): Promise<Report | null> {
  const store: Store = mohar.memoryStore();
  const verifier = new mohar.Verifier({ service, root: null, store });
  const verdict: Checked | null = (await mohar.capable()) ? await verifier.check(text) : null;
  if (!verdict || !verifier.schemas) return null;
  const again: Checked = await verifier.recheck(text);
  const late: boolean = again.code === "status-stale" && again.clock !== "right" && (await verifier.ready());
  await verifier.refresh();
  return late ? null : mohar.report(verdict, verifier.schemas, verdict.now);
}

export async function byHand(text: string, lists: Uint8Array[], root: string, schemas: mohar.Schemas): Promise<string> {
  const trust = await mohar.openTrust(lists[0], mohar.fromHex(root));
  const list = await mohar.openStatus(lists[1], trust);
  const state = mohar.follow(await mohar.openSnapshot(lists[2], trust), await mohar.openDelta(lists[3], trust));
  const other = mohar.listOf(state, 0), older: boolean = mohar.isOlder(state, state);
  const { now } = mohar.timeOf(0, state.issuedAt, null);
  const evidence = { trust, schemas, lists: other && !older ? [list, other] : [list], now };
  const verdict = await mohar.answer(async () => mohar.judge(await mohar.open(text, evidence), evidence));
  const same = await mohar.verifyText(text, evidence);
  const bytes: Uint8Array = mohar.bytesOf(text);
  const told = mohar.reportOfServer({}, schemas).title.hi + mohar.moment(now) + mohar.sinceWhen(state.issuedAt, now).en + (mohar.hostOf(text) ?? bytes.length);
  await mohar.browserStore("name").put("key", bytes);
  return verdict.code === same.code ? told : verdict.detail?.reason.toFixed() ?? "";
}

export function embed(page: HTMLElement): void {
  const element = document.createElement("mohar-verify");
  element.addEventListener("verdict", ({ detail }) => console.log(detail.code, detail.report.lines.map((line) => line.value.hi)));
  page.append(element);
}

// @ts-expect-error: no such verdict
export const wrong: mohar.Code = "valid";
