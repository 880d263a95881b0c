// A verdict in words: the report that the page shows, of the same shape as the server's.

import { date, lines, number } from "./credential.js";

const UNKNOWN = { en: "unknown", hi: "अज्ञात" };

// Seconds since 1970 as people in India write them.
export function moment(seconds) {
  const india = new Date((seconds + 19_800) * 1000).toISOString();
  return `${date(Math.floor((seconds + 19_800) / 86_400))} ${india.slice(11, 16)}`;
}

export function report(verdict, schemas) {
  const message = schemas.verdicts[verdict.code];
  const fill = (part) => ({
    en: filled(message[`${part}en`], "en", verdict, schemas),
    hi: filled(message[`${part}hi`], "hi", verdict, schemas),
  });
  const c = verdict.credential;
  return {
    code: verdict.code,
    tone: message.tone,
    title: fill("title_"),
    message: fill(""),
    advice: fill("do_"),
    asOf: verdict.asOf === undefined ? null : moment(verdict.asOf),
    number: c ? number(c) : null,
    certificate: c ? { en: c.type.title_en, hi: c.type.title_hi } : null,
    lines: c ? lines(c) : [],
    old: Boolean(verdict.old),
  };
}

// The server's answer in the same shape.
export function reportOfServer(answer, schemas) {
  return {
    code: answer.verdict,
    tone: schemas.verdicts[answer.verdict].tone,
    title: answer.title,
    message: answer.message,
    advice: answer.advice,
    asOf: answer.status_as_of ? moment(Date.parse(answer.status_as_of) / 1000) : null,
    number: answer.number ?? null,
    certificate: answer.certificate ?? null,
    lines: answer.fields,
    old: answer.trust_list_is_old,
  };
}

function filled(sentence, lang, { asOf, detail, foreign }, schemas) {
  const reasons = schemas.tables.find((t) => t.id === "status-reasons").row;
  return sentence
    .replace("{as_of}", asOf === undefined ? UNKNOWN[lang] : moment(asOf))
    .replace("{on}", detail ? date(detail.since) : UNKNOWN[lang])
    .replace("{reason}", (reasons[detail?.reason - 1] ?? UNKNOWN)[lang])
    .replace("{number}", detail?.by ?? UNKNOWN[lang])
    .replace("{what}", (schemas.foreign[foreign] ?? UNKNOWN)[lang]);
}
