// Reads a ZIP file (PKWARE APPNOTE 6.3.10) piece by piece: the directory at its end, then one entry at a
// time, so that no archive is ever in memory whole. What it says of itself is not believed.

const END = 0x06054b50, ENTRY = 0x02014b50, LOCAL = 0x04034b50;
const END_BYTES = 22, ENTRY_BYTES = 46, LOCAL_BYTES = 30, COMMENT_MAX = 65_535;
const DIRECTORY_BYTES_MAX = 16 * 1024 * 1024;
const STORED = 0, DEFLATED = 8, LOCKED = 1, UTF8 = 0x800;
// What the makers of archives put beside the files.
const BESIDE = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/;

export class ZipError extends Error {}

const view = async (blob, from, to) => new DataView(await blob.slice(from, to).arrayBuffer());
const spoiled = () => { throw new ZipError("spoiled"); };

// The files in an archive: [{ name, locked, open(most) }]; folders are left out.
export async function entriesOf(blob, most) {
  const { count, size, at } = await directory(blob);
  if (size > DIRECTORY_BYTES_MAX || at + size > blob.size) spoiled();
  const data = await view(blob, at, at + size), entries = [];
  for (let n = 0, p = 0; n < count; n++) {
    if (p + ENTRY_BYTES > size || data.getUint32(p, true) !== ENTRY) spoiled();
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => data.getUint16(p + field, true));
    const end = p + ENTRY_BYTES + nameLength + extra + comment;
    if (end > size) spoiled();
    const flags = data.getUint16(p + 8, true);
    const name = named(new Uint8Array(data.buffer, p + ENTRY_BYTES, nameLength), flags);
    if (!name.endsWith("/") && !BESIDE.test(name)) {
      if (entries.length === most) throw new ZipError("many");
      entries.push(entry(blob, name, flags, data, p));
    }
    p = end;
  }
  return entries;
}

async function directory(blob) {
  const from = Math.max(0, blob.size - END_BYTES - COMMENT_MAX), data = await view(blob, from, blob.size);
  for (let p = data.byteLength - END_BYTES; p >= 0; p--) {
    if (data.getUint32(p, true) !== END) continue;
    const [count, size, at] = [data.getUint16(p + 10, true), data.getUint32(p + 12, true), data.getUint32(p + 16, true)];
    // Of archives beyond four gigabytes these are all ones.
    return count === 0xffff || at === 0xffffffff ? spoiled() : { count, size, at };
  }
  return spoiled();
}

// Names that are not said to be UTF-8 mostly are all the same; those that are not keep their ASCII.
function named(bytes, flags) {
  return new TextDecoder("utf-8", { fatal: false }).decode(bytes).replaceAll("\ufffd", flags & UTF8 ? "" : "_");
}

function entry(blob, name, flags, data, p) {
  const method = data.getUint16(p + 10, true), packed = data.getUint32(p + 20, true), at = data.getUint32(p + 42, true);
  return {
    name,
    locked: Boolean(flags & LOCKED),
    // Its bytes as a Blob; null: they cannot be read, or are more than `most`.
    open: async (most) => {
      const head = at + LOCAL_BYTES <= blob.size && (await view(blob, at, at + LOCAL_BYTES));
      if (!head || head.getUint32(0, true) !== LOCAL) return null;
      const from = at + LOCAL_BYTES + head.getUint16(26, true) + head.getUint16(28, true);
      const body = blob.slice(from, from + packed);
      if (body.size !== packed) return null;
      if (method === STORED) return packed <= most ? body : null;
      return method === DEFLATED ? inflated(body, most) : null;
    },
  };
}

async function inflated(body, most) {
  const reader = body.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader(), parts = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.length;
      if (size > most) { reader.cancel().catch(() => {}); return null; }
      parts.push(part.value);
    }
  } catch {
    return null;
  }
  return new Blob(parts);
}
