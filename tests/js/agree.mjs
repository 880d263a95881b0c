// The JavaScript package against cases that the Rust verifier judged (tests/src/cases.rs has the format):
// node agree.mjs SCHEMAS.json < cases.ndjson. Prints a line a disagreement; exit 1 if there is one.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fromHex, openStatus, openTrust, report, verifyText } from "../../web/package/index.js";

const schemas = JSON.parse(readFileSync(process.argv[2], "utf8"));
const short = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);
let world = null, cases = 0, wrong = 0;

function disagree(what) {
  wrong++;
  console.log(JSON.stringify(what));
}

async function opensWorld(line) {
  const trust = await openTrust(fromHex(line.trust_list), fromHex(line.root));
  const lists = await Promise.all(line.status_lists.map((hex) => openStatus(fromHex(hex), trust)));
  const refused = async (kind, open) => {
    for (const hex of line[kind]) {
      const opened = await open(fromHex(hex)).then(() => true, () => false);
      if (opened) disagree({ opened: kind, hex: hex.slice(0, 2_000) });
    }
  };
  await refused("refused_trust_lists", (bytes) => openTrust(bytes, fromHex(line.root)));
  await refused("refused_status_lists", (bytes) => openStatus(bytes, trust));
  return { trust, lists };
}

async function judge(line) {
  const lists = line.lists.map((place) => world.lists[place]);
  const verdict = await verifyText(line.text, { trust: world.trust, schemas, lists, now: line.now });
  const told = report(verdict, schemas);
  const both = (parts) => parts.map(({ en, hi }) => `${en}\t${hi}\n`).join("");
  return {
    verdict: told.code,
    as_of: verdict.asOf ?? null,
    trust_list_is_old: line.now > world.trust.due,
    foreign: verdict.foreign ?? null,
    number: told.number,
    lines: told.lines.length ? short(told.lines.map((l) => `${l.id}\t${l.value.en}\t${l.value.hi}\n`).join("")) : null,
    words: short(both([told.title, told.message, told.advice])),
  };
}

for await (const text of createInterface({ input: process.stdin })) {
  const line = JSON.parse(text);
  if (line.root) {
    world = await opensWorld(line);
    continue;
  }
  cases++;
  const found = await judge(line);
  const differs = Object.keys(found).filter((key) => found[key] !== line[key]);
  if (differs.length) disagree({ differs, kind: line.kind, expected: line, found });
}
console.log(`${cases} cases, ${wrong} disagreements`);
process.exitCode = cases && !wrong ? 0 : 1;
