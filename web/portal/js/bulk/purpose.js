// Is a certificate current for a purpose? The same rules as at the server, by the same data (purposes.toml).

const DAY_MS = 86_400_000, APRIL = 3;
const IN_FORCE = ["genuine", "status-stale", "status-unknown"];

const dayOf = (text) => Date.parse(text) / DAY_MS;
const written = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10).split("-").reverse().join("-");
const year = (starts) => `${starts}-${String((starts + 1) % 100).padStart(2, "0")}`;

// Null: there is no certificate to speak of. Else { id, current, message }.
export function judge(verdict, purpose, sentences) {
  const c = verdict.credential;
  if (!c) return null;
  const today = Math.floor((verdict.now + 19_800) / 86_400);
  const { outcome, has, needs } = IN_FORCE.includes(verdict.code) ? find(c, purpose, today) : { outcome: "not_in_force" };
  const fill = (text, lang) => text.replace("{has}", () => has ?? "").replace("{needs}", () => needs ?? "")
    .replace("{what}", () => c.type[`title_${lang}`]).replace("{for}", () => purpose.name[lang]);
  const { en, hi } = sentences[outcome];
  return { id: purpose.id, current: outcome === "current", message: { en: fill(en, "en"), hi: fill(hi, "hi") } };
}

function find(c, purpose, today) {
  const asked = purpose.accepts.find(({ types }) => types.includes(c.type.id) || types.includes("*"));
  if (!asked) return { outcome: "type" };
  return wrongYear(c, asked.financial_year, today) ?? wrongTime(c, asked, today) ?? { outcome: "current" };
}

function wrongYear(c, asked, today) {
  if (asked === null) return null;
  const at = c.type.field.findIndex((f) => f.id === "financial_year");
  const has = c.values[at] ? Number(c.values[at].en.slice(0, 4)) : null;
  const needs = asked === "last" ? financialYear(today) - 1 : asked;
  const right = has !== null && (asked === "last" ? has >= needs : has === needs);
  return right ? null : { outcome: "financial_year", has: has === null ? "–" : year(has), needs: year(needs) };
}

function wrongTime(c, asked, today) {
  if (asked.issued_from !== null && c.issued < dayOf(asked.issued_from)) {
    return { outcome: "issued_from", has: written(c.issued), needs: written(dayOf(asked.issued_from)) };
  }
  if (asked.issued_within !== null && c.issued < monthsBefore(today, asked.issued_within)) {
    return { outcome: "issued_within", has: written(c.issued), needs: String(asked.issued_within) };
  }
  const day = asked.valid_on === null ? null : dayOf(asked.valid_on);
  const valid = day === null || (c.from <= day && (c.until === null || day <= c.until));
  return valid ? null : { outcome: "valid_on", needs: written(day) };
}

// The calendar year in which the financial year of a day starts.
function financialYear(day) {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() - Number(date.getUTCMonth() < APRIL);
}

// The same day so many months earlier, or the last of that month.
function monthsBefore(day, months) {
  const date = new Date(day * DAY_MS), first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1);
  const last = new Date(new Date(first).setUTCMonth(new Date(first).getUTCMonth() + 1, 0)).getUTCDate();
  return first / DAY_MS + Math.min(date.getUTCDate(), last) - 1;
}
