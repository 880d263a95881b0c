// <mohar-verify>: checks certificates on any site, in the reader's browser.
//
//   <script type="module" src="https://verify.example.gov.in/package/element.js"></script>
//   <mohar-verify service="https://verify.example.gov.in" lang="hi"></mohar-verify>
//
// Attributes: `text`, what is to be checked (left out, the element asks for it); `lang`, "en" or "hi";
// `service`, left out the origin of this module; `root`, the root key in hex, for those who pin it.
// It tells the page by an event `verdict`, whose `detail` has the code, the number and the report.

import { Verifier, capable, report } from "./index.js";

const HOME = new URL(import.meta.url).origin;
const TEXTS = {
  label: { en: "Text or digits of the code on the certificate", hi: "प्रमाण पत्र पर छपे कोड का पाठ या अंक" },
  check: { en: "Check", hi: "जाँचें" },
  another: { en: "Check another", hi: "दूसरा जाँचें" },
  checking: { en: "Checking…", hi: "जाँच हो रही है…" },
  asOf: { en: "Status as of", hi: "स्थिति इस समय की है" },
  details: { en: "What the certificate says", hi: "प्रमाण पत्र में लिखी जानकारी" },
  number: { en: "Certificate number", hi: "प्रमाण पत्र संख्या" },
  cannot: {
    en: "This browser cannot check signatures. This says nothing about the certificate.",
    hi: "यह ब्राउज़र हस्ताक्षर नहीं जाँच सकता। इससे प्रमाण पत्र के बारे में कुछ पता नहीं चलता।",
  },
  first: {
    en: "No connection to the service. This says nothing about the certificate.",
    hi: "सेवा से संपर्क नहीं हो सका। इससे प्रमाण पत्र के बारे में कुछ पता नहीं चलता।",
  },
};
const SIGNS = { good: "✓", warn: "?", bad: "✕" };

const style = new CSSStyleSheet();
style.replaceSync(`
  :host { display: block; font-family: system-ui, "Noto Sans", "Noto Sans Devanagari", sans-serif; line-height: 1.5; color: #16202e;
    --good: #0b6b3a; --warn: #7a4b00; --bad: #a01919; --ground: #fff; --soft: #4d5a6b; overflow-wrap: anywhere; }
  @media (prefers-color-scheme: dark) { :host { color: #e9eef5; --good: #7bd7a3; --warn: #f1c26a; --bad: #ff9d97; --ground: #18212d; --soft: #aab6c6; } }
  .box { padding: 1rem; border: 2px solid var(--tone, var(--soft)); border-radius: .6rem; background: var(--ground); }
  [data-tone=good] { --tone: var(--good); } [data-tone=warn] { --tone: var(--warn); } [data-tone=bad] { --tone: var(--bad); }
  .title { margin: 0; font-size: 1.35rem; font-weight: 700; color: var(--tone); }
  p { margin: .4rem 0; } .soft, dt { color: var(--soft); }
  label { display: block; font-weight: 600; }
  textarea { box-sizing: border-box; width: 100%; margin: .4rem 0; padding: .5rem; font: inherit; }
  button { min-height: 2.75rem; padding: .3rem 1rem; font: inherit; font-weight: 600; }
  summary { min-height: 2rem; cursor: pointer; font-weight: 600; }
  dl { margin: .5rem 0; } dd { margin: 0 0 .5rem; font-weight: 600; }
`);

const make = (name, text = "", attributes = {}) => {
  const element = Object.assign(document.createElement(name), { textContent: text });
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

export class MoharVerify extends HTMLElement {
  static observedAttributes = ["text", "lang", "service", "root"];
  #verifier = null; #shown = { view: "form" }; #asked = 0;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [style];
  }

  connectedCallback() { this.#begin(); }

  attributeChangedCallback(name) {
    if (name === "service" || name === "root") this.#verifier = null;
    if (!this.isConnected) return;
    if (name === "lang") this.#render(); else this.#begin();
  }

  get #lang() { return this.getAttribute("lang")?.startsWith("hi") ? "hi" : "en"; }

  #say(name) { return TEXTS[name][this.#lang]; }

  #begin() {
    const text = this.getAttribute("text");
    if (text) this.#check(text); else this.#show({ view: "form" });
  }

  async #check(text) {
    const asked = ++this.#asked;
    const service = this.getAttribute("service") ?? HOME;
    this.#verifier ??= new Verifier({ service, root: this.getAttribute("root") });
    this.#show({ view: "checking" });
    const verdict = (await capable()) ? await this.#verifier.check(text) : undefined;
    if (asked !== this.#asked) return;
    if (!verdict) { this.#show({ view: verdict === null ? "first" : "cannot" }); return; }
    const told = report(verdict, this.#verifier.schemas, verdict.now);
    this.#show({ view: "verdict", told });
    const detail = { code: told.code, number: told.number, report: told };
    this.dispatchEvent(new CustomEvent("verdict", { detail, bubbles: true }));
  }

  #show(shown) {
    this.#shown = shown;
    this.#render();
  }

  #render() {
    const { view, told } = this.#shown, box = make("div", "", { class: "box", lang: this.#lang, ...(view !== "form" && { role: "status" }) });
    if (view === "form") box.append(this.#form());
    else if (view === "verdict") box.append(...this.#verdict(told));
    else box.append(make("p", this.#say(view)));
    if (view !== "form" && view !== "checking" && !this.getAttribute("text")) {
      const again = make("button", this.#say("another"), { type: "button" });
      again.addEventListener("click", () => this.#show({ view: "form" }));
      box.append(again);
    }
    if (view === "verdict") box.dataset.tone = told.tone;
    this.shadowRoot.replaceChildren(box);
  }

  #form() {
    const form = make("form"), label = make("label", this.#say("label"), { for: "text" });
    const text = make("textarea", "", { id: "text", rows: "3", maxlength: "4000", required: "", autocomplete: "off", spellcheck: "false" });
    form.append(label, text, make("button", this.#say("check"), { type: "submit" }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#check(text.value);
    });
    return form;
  }

  #verdict(told) {
    const lang = this.#lang, title = make("p", "", { class: "title" });
    title.append(make("span", SIGNS[told.tone], { "aria-hidden": "true" }), ` ${told.title[lang]}`);
    const said = [told.message, told.advice, ...told.notes].map((text) => make("p", text[lang]));
    const asOf = told.asOf ? [make("p", `${this.#say("asOf")}: ${told.asOf[lang]}`, { class: "soft" })] : [];
    return [title, ...said, ...asOf, ...(told.lines.length ? [this.#details(told)] : [])];
  }

  #details(told) {
    const lang = this.#lang, details = make("details"), list = make("dl");
    const number = { label: TEXTS.number, value: { en: told.number, hi: told.number } };
    list.append(...[number, ...told.lines].flatMap(({ label, value }) => [make("dt", label[lang]), make("dd", value[lang])]));
    details.append(make("summary", `${this.#say("details")}: ${told.certificate[lang]}`), list);
    return details;
  }
}

if (!customElements.get("mohar-verify")) customElements.define("mohar-verify", MoharVerify);
