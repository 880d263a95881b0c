// Codes in a file, read on this device: a picture, or a PDF whose code is a link or in a scanned page.

import { bytesOf } from "../package/index.js";
import { codesIn } from "./scanner/decoder.js";

// Longer sides only slow the decoder down.
const SIDE_MAX = 2_400;
// Streams of a PDF that are unpacked, and how far.
const STREAMS_MAX = 2_000, STREAM_BYTES_MAX = 8 * 1024 * 1024;
const LINK = /https?:\/\/[^\s()<>"]{1,100}\/#[0-9]{64,2500}/g;

// The texts of the codes in a file, ours first; none: this device cannot read it.
export async function textsIn(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const start = new TextDecoder("latin1").decode(bytes.slice(0, 1_024));
  const texts = start.includes("%PDF-") ? await inPdf(bytes) : await inPicture(file);
  const ours = texts.filter(isOurs);
  return [...new Set(ours.length ? ours : texts)];
}

function isOurs(text) {
  try { return Boolean(bytesOf(text)); } catch { return false; }
}

async function inPicture(blob) {
  const image = await createImageBitmap(blob).catch(() => null);
  if (!image) return [];
  const longest = Math.max(image.width, image.height);
  // As it is, larger for small codes, smaller for noise.
  for (const scale of [1, 2, 0.5]) {
    const codes = await codesIn(pixels(image, Math.min(scale, SIDE_MAX / longest)), true);
    const texts = codes.map((code) => code.text).filter(Boolean);
    if (texts.length) return texts;
  }
  return [];
}

// On white, as paper is: what is transparent would come out black.
function pixels(image, scale) {
  const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.drawImage(image, 0, 0, width, height);
  return pen.getImageData(0, 0, width, height);
}

// Our certificates have their code as a link, too; scanned papers are JPEG pictures.
async function inPdf(bytes) {
  const text = new TextDecoder("latin1").decode(bytes);
  const links = text.match(LINK) ?? [];
  if (links.length) return links;
  const found = [];
  for (const { head, body } of streams(text, bytes)) {
    if (/\/DCTDecode/.test(head)) found.push(...(await inPicture(new Blob([body], { type: "image/jpeg" }))));
    else if (/\/ObjStm/.test(head) && /\/FlateDecode/.test(head)) found.push(...((await inflated(body)).match(LINK) ?? []));
    if (found.length) return found;
  }
  return found;
}

function* streams(text, bytes) {
  for (let at = 0, count = 0; count < STREAMS_MAX; count++) {
    const word = text.indexOf("stream", at);
    if (word < 0) return;
    const start = word + (text.startsWith("\r\n", word + 6) ? 8 : 7), end = text.indexOf("endstream", start);
    if (end < 0) return;
    yield { head: text.slice(Math.max(0, text.lastIndexOf("obj", word)), word), body: bytes.slice(start, end) };
    at = end + 9;
  }
}

// What a packed stream holds, as far as it is not too long and not spoiled.
async function inflated(body) {
  const reader = new Blob([body]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const decoder = new TextDecoder("latin1");
  let text = "";
  try {
    for (let part = await reader.read(); !part.done && text.length < STREAM_BYTES_MAX; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
    }
  } catch {
    // Bytes after the end of what was packed.
  }
  return text;
}
