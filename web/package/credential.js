// The payload: a positional array ⇄ what the certificate says (credential.md §5).

import { Refused, damaged } from "./bytes.js";
import { decode as decodeCbor } from "./cbor.js";
import * as scsu from "./scsu.js";

export const FIRST_DAY = -62_091;
export const LAST_DAY = 2_932_896;
const newer = () => { throw new Refused("newer-version"); };

const whole = (item, low, high) => (typeof item === "number" && item >= low && item <= high ? item : damaged());
const day = (number) => whole(number, FIRST_DAY, LAST_DAY);

export function decode(payload, schemas) {
  if (payload.length > 1024) damaged();
  const items = decodeCbor(payload);
  if (!Array.isArray(items) || !["number", "bigint"].includes(typeof items[0])) damaged();
  if (items[0] !== 1) newer();
  const code = whole(items[1], 0, 65_535), revision = whole(items[2], 0, 65_535);
  const type = schemas.types.find((t) => t.code === code && t.revision === revision) ?? newer();
  const index = whole(items[3], 0, 2 ** 40 - 1);
  const officeCode = whole(items[4], 0, 65_535);
  const issued = day(items[5]);
  const from = day(issued + whole(items[6], 0, 40_000));
  const until = items[7] === null ? null : day(from + whole(items[7], 0, 40_000));
  if (items.length !== 8 + type.field.length) damaged();
  const office = row(schemas, "offices", officeCode);
  const values = type.field.map((field, i) => value(schemas, field, items[8 + i]));
  return { type, index, office, issued, from, until, values };
}

function row(schemas, table, code) {
  const rows = schemas.tables.find((t) => t.id === table).row;
  return rows[Number(code) - 1] ?? newer();
}

const both = (text) => ({ en: text, hi: text });

function value(schemas, field, item) {
  if (item === null && field.optional) return null;
  switch (field.kind) {
    case "name":
    case "text":
      if (!Array.isArray(item)) return both(text(item));
      return item.length === 2 ? { en: text(item[0]), hi: text(item[1]) } : damaged();
    case "day": return both(date(day(item)));
    case "year": return both(`${whole(item, 1900, 9999)}-${String((item + 1) % 100).padStart(2, "0")}`);
    case "amount": return both(rupees(whole(item, 0, 1e12)));
    default: return row(schemas, field.table, ["number", "bigint"].includes(typeof item) ? item : damaged());
  }
}

// UTF-8 unless SCSU is shorter; the longer spelling is refused.
function text(item) {
  const size = (text) => new TextEncoder().encode(text).length;
  if (typeof item === "string") return scsu.encode(item).length < size(item) ? damaged() : item;
  const out = scsu.decode(item instanceof Uint8Array ? item : damaged());
  return item.length < size(out) ? out : damaged();
}

export function date(number) {
  const [year, month, day] = new Date(number * 86_400_000).toISOString().slice(0, 10).split("-");
  return `${day}-${month}-${year}`;
}

const rupees = (amount) => `₹${amount.toLocaleString("en-IN")}`;

// Line by line: the type's own fields, then office and dates.
export function lines(c) {
  const own = c.type.field.map((f, i) => c.values[i] && { id: f.id, label: { en: f.label_en, hi: f.label_hi }, value: c.values[i] });
  const end = c.until === null ? { en: "no end date", hi: "कोई अंतिम तारीख नहीं" } : both(date(c.until));
  return [
    ...own.filter(Boolean),
    { id: "office", label: { en: "Issued by", hi: "जारीकर्ता" }, value: c.office },
    { id: "issued", label: { en: "Date of issue", hi: "जारी करने की तारीख" }, value: both(date(c.issued)) },
    { id: "valid_until", label: { en: "Valid until", hi: "मान्य अवधि" }, value: end },
  ];
}

// The number printed on the paper, with its check digit (Verhoeff).
export function number(c) {
  const year = new Date(c.issued * 86_400_000).getUTCFullYear(), place = String(c.index).padStart(7, "0");
  const turn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const multiply = (a, b) => a < 5 ? (b < 5 ? (a + b) % 5 : 5 + (a + b - 5) % 5) : b < 5 ? 5 + (a - b) % 5 : (a + 5 - b) % 5;
  const permute = (times, digit) => { for (let i = 0; i < times % 8; i++) digit = turn[digit]; return digit; };
  const digits = [...`${c.type.code}${year}${place}`].reverse();
  const state = digits.reduce((state, digit, i) => multiply(state, permute(i + 1, Number(digit))), 0);
  const check = turn.findIndex((_, digit) => multiply(state, digit) === 0);
  return `${c.type.prefix}-${year}-${place}-${check}`;
}
