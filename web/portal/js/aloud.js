// Reads a verdict aloud with the browser's own voice, in the reader's language, at a touch.

import { onRender, page, part, say } from "./page.js";

const LANGUAGES = { en: "en-IN", hi: "hi-IN" };
const speech = globalThis.speechSynthesis;
let told = null;

const reading = () => part("aloud").getAttribute("aria-pressed") === "true";

function stop() {
  speech?.cancel();
  part("aloud").setAttribute("aria-pressed", "false");
}

// A voice of the language; one of India is liked best, one on the device next: it needs no network.
function voiceOf(lang) {
  const voices = speech.getVoices().filter((v) => v.lang.slice(0, 2).toLowerCase() === lang);
  const rank = (v) => 2 * Number(v.lang.replace("_", "-") === LANGUAGES[lang]) + Number(v.localService);
  return voices.sort((a, b) => rank(b) - rank(a))[0];
}

export function words(r, lang) {
  const lines = r.lines.map(({ label, value }) => `${label[lang]}: ${value[lang]}.`);
  return [`${r.title[lang]}.`, r.message[lang], r.advice[lang], ...r.notes.map((n) => n[lang]), r.certificate?.[lang], ...lines]
    .filter(Boolean).join(" ");
}

export function speak(text, lang) {
  const voice = speech && voiceOf(lang);
  if (!voice) return false;
  const utterance = Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: voice.lang, rate: 0.95 });
  utterance.addEventListener("end", () => part("aloud").setAttribute("aria-pressed", "false"));
  speech.cancel();
  speech.speak(utterance);
  return true;
}

part("aloud").addEventListener("click", () => {
  if (reading()) return stop();
  const spoken = speak(words(page.shown.report, page.lang), page.lang);
  part("no-voice").textContent = spoken ? "" : say("noVoice");
  part("aloud").setAttribute("aria-pressed", String(spoken));
});

// Another verdict, another view or another language: silence.
onRender((shown) => {
  const now = `${page.lang} ${shown.view} ${shown.report?.number}`;
  if (told !== now) { if (reading()) stop(); part("no-voice").textContent = ""; }
  told = now;
});
