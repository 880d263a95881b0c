// The page: reads the fragment, checks, shows.

import { capable } from "./cose.js";
import { load, withStatus } from "./evidence.js";
import { strings } from "./strings.js";
import { answer, judge, open } from "./verify.js";
import { report, reportOfServer } from "./words.js";

const FILE_BYTES_MAX = 10 * 1024 * 1024;
const root = document.documentElement;
const part = (id) => document.getElementById(id);
let lang = localStorage.getItem("lang") ?? (navigator.language.startsWith("hi") ? "hi" : "en");
let shown = { view: "home" };
let scanned = taken();

// The fragment leaves the address bar at once: no history, no bookmark, no screenshot keeps it.
function taken() {
  const text = location.hash.length > 1 ? location.href : "";
  if (text) history.replaceState(null, "", location.pathname);
  return text;
}

async function check() {
  show({ view: "checking" });
  try {
    if (!(await capable())) return show({ view: "cannot" });
    const evidence = await load();
    if (!evidence) return show({ view: "first" });
    const verdict = await answer(async () => {
      const opened = await open(scanned, evidence);
      return judge(opened, await withStatus(evidence, opened.credential.index));
    });
    show({ view: "verdict", report: report(verdict, evidence.schemas), source: "inBrowser" });
  } catch (error) {
    console.error(error.name);
    show({ view: "failed" });
  }
}

async function checkAtServer(body, type) {
  show({ view: "checking" });
  try {
    const result = await fetch("/v1/verify", { method: "POST", headers: { "content-type": type }, body });
    const schemas = await (await fetch("/schemas.json")).json();
    if (!result.ok) throw new Error("refused");
    show({ view: "verdict", report: reportOfServer(await result.json(), schemas), source: "atServer" });
  } catch (error) {
    console.error(error.name);
    show({ view: "failed" });
  }
}

function show(next) {
  shown = next;
  render();
  if (next.view !== "home" && next.view !== "checking") part("title").focus();
}

const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

function render() {
  root.lang = lang;
  root.dataset.view = shown.view;
  root.dataset.verdict = shown.report?.code ?? "";
  document.title = `${shown.report?.title[lang] ?? strings.title[lang]} · Mohar`;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = strings[node.dataset.text][lang];
  part("toggle").lang = lang === "en" ? "hi" : "en";
  for (const node of document.querySelectorAll("[data-view]:not(html)")) {
    node.hidden = !node.dataset.view.split(" ").includes(shown.view);
  }
  const card = { cannot: "cannot", first: "first", failed: "failed" }[shown.view];
  if (card) renderCard("warn", strings[`${card}Title`][lang], [strings[card][lang]]);
  if (shown.view === "verdict") renderVerdict(shown.report);
}

function renderCard(tone, title, sentences) {
  part("card").dataset.tone = tone;
  part("title").textContent = title;
  part("sentences").replaceChildren(...sentences.filter(Boolean).map((text) => element("p", text)));
}

function renderVerdict(r) {
  renderCard(r.tone, r.title[lang], [r.message[lang], r.advice[lang], r.old && strings.oldList[lang]]);
  part("as-of").hidden = !r.asOf;
  part("as-of").textContent = r.asOf ? `${strings.asOf[lang]}: ${r.asOf}` : "";
  part("source").textContent = strings[shown.source][lang];
  part("details").hidden = !r.lines.length;
  part("certificate").textContent = r.certificate?.[lang] ?? "";
  const number = { label: strings.number, value: { en: r.number, hi: r.number } };
  part("lines").replaceChildren(...(r.number ? [number, ...r.lines] : []).flatMap(({ label, value }) => {
    const [first, second] = lang === "en" ? ["en", "hi"] : ["hi", "en"];
    const cell = element("dd", value[first], { lang: first });
    if (value[second] !== value[first]) cell.append(element("span", value[second], { lang: second }));
    return [element("dt", label[lang]), cell];
  }));
}

part("toggle").addEventListener("click", () => {
  lang = lang === "en" ? "hi" : "en";
  localStorage.setItem("lang", lang);
  render();
});
part("paste").addEventListener("submit", (event) => {
  event.preventDefault();
  scanned = part("text").value;
  part("text").value = "";
  check();
});
part("file").addEventListener("change", () => {
  const [file] = part("file").files;
  if (!file) return;
  part("file-error").hidden = file.size <= FILE_BYTES_MAX;
  if (file.size <= FILE_BYTES_MAX) checkAtServer(file, file.type || "application/octet-stream");
  part("file").value = "";
});
part("again").addEventListener("click", check);
part("server").addEventListener("click", () => checkAtServer(JSON.stringify({ qr: scanned }), "application/json"));
part("another").addEventListener("click", () => {
  scanned = "";
  show({ view: "home" });
  part("text").focus();
});
// A second scan into the open page.
addEventListener("hashchange", () => {
  const text = taken();
  if (text) { scanned = text; check(); }
});

if (scanned) check(); else render();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js");
