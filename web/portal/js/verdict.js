// The view of a verdict, and of why there is none: as colour, symbol and words.

import { element, onRender, page, part, say } from "./page.js";

// What was not known, and may be known by now.
const MAY_CHANGE = ["status-stale", "status-unknown", "unknown-issuer", "newer-version"];
const CARDS = ["cannot", "first", "failed", "unread"];
// Why the scanner did not open, by the name of the error.
const WHY = { NotAllowedError: "denied", NotFoundError: "noCamera", OverconstrainedError: "noCamera", decoder: "noDecoder" };

onRender((shown) => {
  const card = WHY[shown.why] ?? shown.view;
  if (CARDS.includes(shown.view)) renderCard("warn", say(`${card}Title`), [say(card)]);
  if (shown.view === "verdict") renderVerdict(shown);
});

function renderCard(tone, title, sentences) {
  part("card").dataset.tone = tone;
  part("title").textContent = title;
  part("sentences").replaceChildren(...sentences.map((text) => element("p", text)));
}

function renderVerdict({ report: r, source, changed, of }) {
  const { lang } = page;
  const several = of > 1 ? [say("several", { of })] : [];
  renderCard(r.tone, r.title[lang], [...[r.message, r.advice, ...r.notes].map((said) => said[lang]), ...several]);
  part("as-of").hidden = !r.asOf;
  part("as-of").textContent = r.asOf ? `${say("asOf")}: ${r.asOf[lang]}` : "";
  part("changed").textContent = changed ? say("changed") : "";
  part("source").textContent = say(source);
  part("again").hidden = !MAY_CHANGE.includes(r.code);
  part("details").hidden = !r.lines.length;
  part("compare").hidden = r.tone === "bad";
  part("certificate").textContent = r.certificate?.[lang] ?? "";
  part("lines").replaceChildren(...linesOf(r));
}

// What the certificate says, the reader's language first.
export function linesOf(r) {
  const [first, second] = page.lang === "en" ? ["en", "hi"] : ["hi", "en"];
  const number = { label: { en: say("number"), hi: say("number") }, value: { en: r.number, hi: r.number } };
  return (r.number ? [number, ...r.lines] : []).flatMap(({ label, value }) => {
    const cell = element("dd", value[first], { lang: first });
    if (value[second] !== value[first]) cell.append(element("span", value[second], { lang: second }));
    return [element("dt", label[page.lang]), cell];
  });
}
