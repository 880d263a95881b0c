// What there is to check: files, the files in archives, the rows of lists. Each is opened when it is its turn.

import { ZipError, entriesOf } from "./zip.js";

export const ITEMS_MAX = 10_000, FILE_BYTES_MAX = 20 * 1024 * 1024;
const FOLDER_DEPTH_MAX = 16;

// Why nothing can be begun; `name` is a sentence of strings.js, `of` a file.
export class Refused extends Error {
  constructor(name, of = "") { super(name); this.of = of; }
}

// [{ name, purpose, open() }]; `open` gives the text of a code, a Blob, or { why }.
export async function gather(files) {
  const items = [];
  for (const { name, file } of files) {
    const more = await itemsOf(name, file);
    if (items.length + more.length > ITEMS_MAX) throw new Refused("tooMany");
    items.push(...more);
  }
  if (!items.length) throw new Refused("nothing");
  return items;
}

function itemsOf(name, file) {
  if (/\.zip$/i.test(name)) return archive(name, file);
  if (/\.csv$/i.test(name)) return list(name, file);
  return [{ name, open: async () => (file.size > FILE_BYTES_MAX ? { why: "fileLarge" } : content(name, file)) }];
}

async function archive(name, file) {
  const entries = await entriesOf(file, ITEMS_MAX).catch((error) => {
    throw new Refused(error instanceof ZipError && error.message === "many" ? "tooMany" : "spoiled", name);
  });
  return entries.map((entry) => ({
    name: `${name}/${entry.name}`,
    open: async () => {
      if (entry.locked) return { why: "fileLocked" };
      const blob = await entry.open(FILE_BYTES_MAX);
      return blob ? content(entry.name, blob) : { why: "fileSpoiled" };
    },
  }));
}

// A text file holds the text of one code.
const content = (name, blob) => (/\.txt$/i.test(name) ? blob.slice(0, 10_000).text() : blob);

// A list with a heading that names `code` (or `qr`), and perhaps `id` and `purpose`; or without a heading,
// the code first. As `mohar verify` reads it.
async function list(name, file) {
  if (file.size > FILE_BYTES_MAX) throw new Refused("large", name);
  const rows = records((await file.text()).replace(/^\ufeff/, ""));
  const column = (...names) => (rows[0] ?? []).findIndex((cell) => names.includes(cell.trim().toLowerCase()));
  const headed = column("code", "qr") >= 0;
  const [code, id, purpose] = headed ? [column("code", "qr"), column("id", "name"), column("purpose")] : [0, -1, -1];
  return rows.map((row, n) => ({
    name: row[id] || `${name}: ${n + 1}`, purpose: row[purpose] || null, open: async () => row[code] ?? "",
  })).slice(headed ? 1 : 0);
}

// Records of RFC 4180: cells in quotes may have commas, lines and doubled quotes; empty lines are none.
export function records(text) {
  const rows = [];
  let row = [], cell = "", quoted = false;
  const end = () => { row.push(cell); cell = ""; };
  const line = () => { end(); if (row.length > 1 || row[0]) rows.push(row); row = []; };
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (c === '"' && !cell) quoted = true;
    else if (c === ",") end();
    else if (c === "\n") line();
    else if (c !== "\r") cell += c;
  }
  line();
  return rows;
}

// The files that were chosen.
export const chosen = (files) => [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));

// The files that were dropped, those in folders, too.
export async function dropped(transfer) {
  const entries = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
  if (entries.includes(undefined) || !entries.length) return chosen(transfer.files);
  return (await Promise.all(entries.filter(Boolean).map((entry) => within(entry, 0)))).flat();
}

async function within(entry, depth) {
  const name = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) return [{ name, file: await new Promise((done, failed) => entry.file(done, failed)) }];
  if (depth === FOLDER_DEPTH_MAX) return [];
  const reader = entry.createReader(), found = [];
  // A folder is told in parts; the last is empty.
  for (let part = [null]; part.length;) {
    part = await new Promise((done, failed) => reader.readEntries(done, failed));
    found.push(...part);
    if (found.length > ITEMS_MAX) throw new Refused("tooMany");
  }
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = [];
  for (const child of found) files.push(...(await within(child, depth + 1)));
  return files;
}
