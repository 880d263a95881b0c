// A report that the service signed, dropped among the files: is it as it was made? (credential.md §14)

import { bytesOf, fromHex, moment, openTrust } from "../../package/index.js";
import { join, same, sha256 } from "../../package/bytes.js";
import { byteString, decode, textString } from "../../package/cbor.js";
import { parse, strict } from "../../package/cose.js";

const MARK = "%mohar-bulk-report ", CONTEXT = new TextEncoder().encode("mohar/bulk-report/1");

// Null: it is no report. Else { name, values } of what is to be said.
export async function judgeReport(bytes) {
  const latin = (part) => new TextDecoder("latin1").decode(part);
  if (latin(bytes.subarray(0, 5)) !== "%PDF-") return null;
  const text = latin(bytes), at = text.lastIndexOf(MARK);
  if (at < 0) return null;
  const [, digits] = /^([0-9]+)\n$/.exec(text.slice(at + MARK.length)) ?? [];
  try {
    return digits ? await judged(bytes.slice(0, at), bytesOf(digits)) : { name: "altered" };
  } catch {
    return { name: "altered" };
  }
}

async function judged(file, message) {
  // The header is a certificate's; only what is signed beside it says what for.
  const { kid, payload, signature } = parse("certificate", message), [header] = decode(message);
  const toBeSigned = join([0x84], textString("Signature1"), byteString(header), byteString(CONTEXT), byteString(payload));
  const trust = await trusted(), keys = trust.keys.filter((k) => k.role === 1 && k.state !== 2 && same(k.kid, kid));
  if (!keys.length) return { name: "unknown_signer" };
  const signed = await Promise.all(keys.map((k) => strict(k.key, { signature, toBeSigned })));
  const [version, at, service, genuine, refused, undecided, hash] = decode(payload);
  if (!signed.includes(true) || version !== 1 || !same(hash, await sha256(file))) return { name: "altered" };
  const rows = genuine + refused + undecided;
  return { name: "unaltered", values: { at: moment(at), service, rows, genuine, refused, undecided } };
}

async function trusted() {
  const [root, list] = await Promise.all([fetch("/v1/root"), fetch("/v1/trust-list")]);
  return openTrust(new Uint8Array(await list.arrayBuffer()), fromHex((await root.json()).root));
}
