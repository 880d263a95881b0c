// The portal: takes the code out of the address, has it checked, shows the verdict.

import { Verifier, capable, report, reportOfServer } from "../package/index.js";
import "./aloud.js";
import "./verdict.js";
import { home } from "./home.js";
import { onRender, page, part, render, show, showSoon } from "./page.js";

const SERVER_BYTES_MAX = 10 * 1024 * 1024;
const verifier = new Verifier();
// What is kept is read while the page is made.
verifier.ready();
// What is being checked: the text of a code, or a file that this device could not read.
let scanned = taken(), unread = null;

// The fragment leaves the address bar at once: no history, no bookmark, no screenshot keeps it.
function taken() {
  const text = location.hash.length > 1 ? location.href : "";
  if (text) history.replaceState(null, "", location.pathname);
  return text;
}

// Runs an act that ends in a view.
async function during(act) {
  showSoon({ view: "checking" });
  try {
    await act();
  } catch (error) {
    console.error(error.name);
    show({ view: "failed" });
  }
}

const told = (verdict) => report(verdict, verifier.schemas, verdict.now);

// `of`: how many certificates came together with this one.
function check(text, of = 1) {
  scanned = text;
  unread = null;
  return during(async () => {
    if (!(await capable())) return show({ view: "cannot" });
    const verdict = await verifier.check(text);
    if (!verdict) return show({ view: "first" });
    show({ view: "verdict", report: told(verdict), source: "inBrowser", of });
    await follow(text);
  });
}

// What comes in later may change the verdict; then it is shown and said.
async function follow(text) {
  await verifier.refresh();
  const { shown } = page;
  if (scanned !== text || shown.view !== "verdict" || shown.source !== "inBrowser") return;
  let next = told(await verifier.recheck(text));
  // The word of one list, or the reason of what is withdrawn, is not among what is kept.
  if (next.code !== shown.report.code) next = told(await verifier.check(text));
  else if (next.tone === "bad") next = shown.report;
  if (page.shown !== shown) return;
  Object.assign(shown, { report: next, changed: shown.changed || next.code !== shown.report.code });
  render();
}

function checkFile(file) {
  scanned = "";
  return during(async () => {
    const { textsIn } = await import("./files.js");
    const texts = await textsIn(file).catch(() => []);
    if (texts.length) return check(texts[0], texts.length);
    unread = file.size <= SERVER_BYTES_MAX ? file : null;
    show({ view: "unread" });
  });
}

function checkAtServer(body, type) {
  return during(async () => {
    const result = await fetch("/v1/verify", { method: "POST", headers: { "content-type": type }, body });
    if (!result.ok) throw new Error("refused");
    const schemas = verifier.schemas ?? (await (await fetch("/schemas.json")).json());
    show({ view: "verdict", report: reportOfServer(await result.json(), schemas), source: "atServer" });
  });
}

async function scan(post) {
  show({ view: "scan" });
  const { start } = await import("./scanner/view.js");
  start({
    post,
    found: check,
    judge: async (text) => {
      const verdict = await verifier.check(text);
      return verdict && told(verdict);
    },
    failed: (why) => show({ view: "failed", why }),
  });
  render();
}

home({ scan, file: checkFile, text: check, asOf: () => verifier.asOf });
part("again").addEventListener("click", () => (scanned ? check(scanned) : show({ view: "home" })));
part("rescan").addEventListener("click", () => scan(false));
part("server").addEventListener("click", () => {
  if (unread) checkAtServer(unread, unread.type || "application/octet-stream");
  else checkAtServer(JSON.stringify({ qr: scanned }), "application/json");
});
part("another").addEventListener("click", () => {
  [scanned, unread] = ["", null];
  show({ view: "home" });
  part("scan").focus();
});
// A second scan into the open page.
addEventListener("hashchange", () => {
  const text = taken();
  if (text) check(text);
});
// Quietly, whenever somebody comes back or the network does.
addEventListener("online", () => verifier.refresh());
document.addEventListener("visibilitychange", () => document.hidden || verifier.refresh());

// The copy that works without a network is fetched when the reader has been answered.
let answered = false;
onRender(({ view }) => {
  if (answered || view === "checking") return;
  answered = true;
  navigator.serviceWorker?.register("/sw.js");
  if (matchMedia("(display-mode: standalone)").matches) {
    import("./scanner/decoder.js").then(({ keepOurs }) => keepOurs()).catch(() => {});
  }
});

if (scanned) check(scanned);
else {
  show({ view: "home" });
  verifier.refresh().then(render);
}
