// A verdict in words: the report that the page shows, of the same shape as the server's.

import { date, lines, number } from "./credential.js";

const UNKNOWN = { en: "unknown", hi: "अज्ञात" };

const NOTES = {
  old: {
    en: "The list of departments on this device is old. Connect to the internet and check again.",
    hi: "इस फ़ोन या कंप्यूटर पर रखी विभागों की सूची पुरानी है। इंटरनेट से जुड़कर फिर जाँचें।",
  },
  behind: {
    en: "The clock of this device is wrong: it shows {device}. The check counted with {now}, the last time the service signed; more time may have passed.",
    hi: "इस फ़ोन या कंप्यूटर की घड़ी गलत है: इसमें {device} है। जाँच में {now} का समय माना गया, जब सेवा ने आखिरी बार हस्ताक्षर किए; असल में और समय बीत चुका हो सकता है।",
  },
  ahead: {
    en: "The clock of this device is wrong: it shows {device}. The check counted with the time of the service, {now}.",
    hi: "इस फ़ोन या कंप्यूटर की घड़ी गलत है: इसमें {device} है। जाँच में सेवा का समय {now} माना गया।",
  },
  host: {
    en: "The link in this code leads to “{host}”, which is not our site. Do not rely on what that site shows; rely on what is written here.",
    hi: "इस कोड का लिंक “{host}” पर जाता है, जो हमारी साइट नहीं है। उस साइट पर जो दिखे उस पर भरोसा न करें; यहाँ जो लिखा है वही मानें।",
  },
};

// Seconds since 1970 as people in India write them.
export function moment(seconds) {
  const india = new Date((seconds + 19_800) * 1000).toISOString();
  return `${date(Math.floor((seconds + 19_800) / 86_400))} ${india.slice(11, 16)}`;
}

// The same as people say it, seen from a later moment.
export function sinceWhen(seconds, now) {
  const day = (seconds) => Math.floor((seconds + 19_800) / 86_400);
  const days = day(now) - day(seconds), full = moment(seconds), time = full.slice(11);
  if (days === 0) return { en: `${time} today`, hi: `आज ${time}` };
  if (days === 1) return { en: `yesterday ${time}`, hi: `कल ${time}` };
  return days > 1 ? { en: `${days} days ago (${full})`, hi: `${days} दिन पहले (${full})` } : { en: full, hi: full };
}

// With `now`, the time of the status is told as seen from then; without, as date and time.
export function report(verdict, schemas, now) {
  const message = schemas.verdicts[verdict.code];
  const when = (seconds) => (now === undefined ? { en: moment(seconds), hi: moment(seconds) } : sinceWhen(seconds, now));
  const asOf = verdict.asOf === undefined ? null : when(verdict.asOf);
  const fill = (part) => ({
    en: filled(message[`${part}en`], "en", verdict, asOf, schemas),
    hi: filled(message[`${part}hi`], "hi", verdict, asOf, schemas),
  });
  const c = verdict.credential;
  return {
    code: verdict.code,
    tone: message.tone,
    title: fill("title_"),
    message: fill(message.bare_en && !verdict.detail ? "bare_" : ""),
    advice: fill("do_"),
    asOf,
    number: c ? number(c) : null,
    certificate: c ? { en: c.type.title_en, hi: c.type.title_hi } : null,
    lines: c ? lines(c) : [],
    notes: notes(verdict),
  };
}

// What else the reader should know.
function notes({ old, clock, device, now, host }) {
  const said = [old && "old", clock !== "right" && clock, host && "host"].filter(Boolean).map((name) => NOTES[name]);
  const fill = (text) =>
    text.replace("{device}", () => moment(device)).replace("{now}", () => moment(now)).replace("{host}", () => host);
  return said.map(({ en, hi }) => ({ en: fill(en), hi: fill(hi) }));
}

// The server's answer in the same shape.
export function reportOfServer(answer, schemas) {
  return {
    code: answer.verdict,
    tone: schemas.verdicts[answer.verdict].tone,
    title: answer.title,
    message: answer.message,
    advice: answer.advice,
    asOf: answer.status_as_of ? sinceWhen(Date.parse(answer.status_as_of) / 1000, Date.now() / 1000) : null,
    number: answer.number ?? null,
    certificate: answer.certificate ?? null,
    lines: answer.fields,
    notes: answer.trust_list_is_old ? [NOTES.old] : [],
  };
}

function filled(sentence, lang, { credential, detail, foreign }, asOf, schemas) {
  const reasons = schemas.tables.find((t) => t.id === "status-reasons").row;
  return sentence
    .replace("{as_of}", (asOf ?? UNKNOWN)[lang])
    .replace("{on}", detail ? date(detail.since) : UNKNOWN[lang])
    .replace("{from}", credential ? date(credential.from) : UNKNOWN[lang])
    .replace("{reason}", (reasons[detail?.reason - 1] ?? UNKNOWN)[lang])
    .replace("{number}", detail?.by ?? UNKNOWN[lang])
    .replace("{what}", (schemas.foreign[foreign] ?? UNKNOWN)[lang]);
}
