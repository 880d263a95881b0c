// The page: one view at a time, in one of two languages. Each view's module renders its own part.

import { strings } from "./strings.js";

const root = document.documentElement;
const views = [];

export const part = (id) => document.getElementById(id);
export const page = {
  lang: localStorage.getItem("lang") ?? (navigator.language.startsWith("hi") ? "hi" : "en"),
  shown: { view: "checking" },
};

// A sentence in the reader's language; `values` fill its placeholders.
export function say(name, values = {}) {
  const filled = strings[name][page.lang];
  return Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, () => value), filled);
}

export function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// `render` is called whenever its view, or the language, may have changed.
export function onRender(render) { views.push(render); }

// So long nobody wonders whether something is being done.
const UNNOTICED_MS = 200;
let waiting = null;
// The language that the page's own words are in.
let written = null;

// Shows a view unless another comes soon: what is done at once does not flicker.
export function showSoon(next) {
  clearTimeout(waiting);
  waiting = setTimeout(() => show(next), UNNOTICED_MS);
}

// Shows a view; whoever reads with a screen reader is led to its title.
export function show(next) {
  clearTimeout(waiting);
  page.shown = next;
  render();
  if (!["home", "checking", "scan"].includes(next.view)) part("title").focus();
}

export function render() {
  const { lang, shown } = page;
  root.lang = lang;
  root.dataset.view = shown.view;
  root.dataset.verdict = shown.report?.code ?? "";
  document.title = `${shown.report?.title[lang] ?? say("title")} · Mohar`;
  if (written !== lang) {
    written = lang;
    for (const node of document.querySelectorAll("[data-text]")) node.textContent = say(node.dataset.text);
    part("toggle").lang = lang === "en" ? "hi" : "en";
  }
  for (const node of document.querySelectorAll("[data-view]:not(html)")) {
    node.hidden = !node.dataset.view.split(" ").includes(shown.view);
  }
  for (const view of views) view(shown);
}

part("toggle").addEventListener("click", () => {
  page.lang = page.lang === "en" ? "hi" : "en";
  localStorage.setItem("lang", page.lang);
  render();
});
