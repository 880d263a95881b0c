// From an item to a row: what is read in it, judged, and said in both languages.

import { report } from "../../package/index.js";
import { textsIn } from "../files.js";
import { strings } from "../strings.js";
import { judge } from "./purpose.js";
import { judgeReport } from "./report.js";

const CODES_MAX = 8;
// Fields that say whose a certificate is; a marriage is two people's.
const HOLDERS = ["name", "groom_name", "bride_name", "deceased_name"];
const NONE = { en: "", hi: "" };

// `kind` is what the filters tell apart: genuine, refused or undecided, by the exit codes of `mohar verify`.
const KINDS = ["genuine", "refused", "undecided"];

export class Judge {
  #verifier; #data;

  // `data`: purposes, their sentences, and the texts of reports (/bulk.json).
  constructor(verifier, data) { this.#verifier = verifier; this.#data = data; }

  // Never throws: what goes wrong is a row, too.
  async row(item, purpose) {
    const asked = item.purpose ? this.#data.purposes.find((p) => p.id === item.purpose) : purpose;
    if (item.purpose && !asked) return unread(item.name, "unread", strings.badPurpose);
    try {
      const content = await item.open();
      if (content?.why) return unread(item.name, "unread", strings[content.why]);
      if (typeof content === "string") return await this.#judged(item.name, [content], asked);
      return (await this.#ofReport(item.name, content)) ?? (await this.#judged(item.name, await textsIn(content), asked));
    } catch {
      return unread(item.name, "unread", strings.fileSpoiled);
    }
  }

  async #ofReport(name, blob) {
    const said = await judgeReport(new Uint8Array(await blob.arrayBuffer()));
    if (!said) return null;
    const good = said.name === "unaltered", { title, message } = this.#data.texts[said.name];
    const fill = (text) => Object.entries(said.values ?? {}).reduce((t, [key, value]) => t.replace(`{${key}}`, () => value), text);
    return {
      ...unread(name, good ? "report" : "report-altered", { en: fill(message.en), hi: fill(message.hi) }),
      title, kind: good ? "genuine" : "refused", tone: good ? "good" : "bad",
    };
  }

  // Of several codes in a file the worst counts, so that a genuine one never hides another.
  async #judged(name, texts, purpose) {
    const rows = [];
    for (const text of texts.slice(0, CODES_MAX)) rows.push(await this.#one(name, text, purpose));
    const rank = ({ code, kind }) => (code === "not-a-certificate" ? 3 : [2, 0, 1][KINDS.indexOf(kind)]);
    rows.sort((a, b) => rank(a) - rank(b));
    return rows[0] ?? unread(name, "unreadable-picture", strings.noCode);
  }

  async #one(name, text, purpose) {
    const { schemas } = this.#verifier, verdict = await this.#verifier.check(text);
    const said = report(verdict, schemas), serves = purpose ? judge(verdict, purpose, this.#data.sentences) : null;
    const exit = serves && !serves.current ? 1 : schemas.verdicts[verdict.code].exit, unfit = exit === 1 && said.tone !== "bad";
    return {
      name, code: verdict.code, kind: KINDS[exit], tone: exit === 1 ? "bad" : said.tone, text,
      title: said.title, shown: unfit ? this.#data.texts.other_purpose : said.title,
      message: serves ? serves.message : said.message, notes: said.notes,
      number: said.number ?? "", type: verdict.credential?.type.id ?? "", certificate: said.certificate ?? NONE,
      holder: holderOf(said.lines),
      purpose: serves?.id ?? "", current: serves ? String(serves.current) : "",
    };
  }
}

function holderOf(lines) {
  const values = lines.filter((line) => HOLDERS.includes(line.id)).map((line) => line.value);
  return { en: values.map((v) => v.en).join(", "), hi: values.map((v) => v.hi).join(", ") };
}

const unread = (name, code, message) => ({
  name, code, kind: "undecided", tone: "warn", text: "", title: strings.notRead, message, notes: [],
  number: "", type: "", certificate: NONE, holder: NONE, purpose: "", current: "",
});

const COLUMNS = [
  ["name", (r) => r.name], ["verdict", (r) => r.code], ["title", (r) => r.title.en], ["title_hi", (r) => r.title.hi],
  ["number", (r) => r.number], ["certificate", (r) => r.type], ["holder", (r) => r.holder.en], ["holder_hi", (r) => r.holder.hi],
  ["purpose", (r) => r.purpose], ["current", (r) => r.current], ["message", (r) => r.message.en], ["message_hi", (r) => r.message.hi],
];

// The table that `mohar verify` writes; with the mark by which spreadsheets know Hindi.
export function csvOf(rows) {
  // A cell that begins like a formula would be run by a spreadsheet; file names are anybody's.
  const cell = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const lines = [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, of]) => cell(of(row))))];
  return "\ufeff" + lines.map((cells) => cells.join(",") + "\r\n").join("");
}

// The lines that the service is asked for a signed report with.
export function linesOf(rows) {
  const line = ({ name, text, purpose }) => JSON.stringify({ id: [...name].slice(-200).join(""), code: text, purpose: purpose || null });
  return rows.filter((row) => row.text).map(line).join("\n");
}
