// The rows on the page: those that the filter lets through, some at a time.

import { element, page, part, say } from "../page.js";

const SHOWN_FIRST = 200, MORE = 1_000;
const FILTERS = ["all", "genuine", "refused", "undecided"];
const boxes = [...document.querySelectorAll("input[name=filter]")];
let rows = [], filter = "all", shown = SHOWN_FIRST, drawn = "";

// How many rows there are of each kind.
export function totals() {
  const counts = Object.fromEntries(FILTERS.map((kind) => [kind, 0]));
  for (const row of rows) if (row) { counts.all++; counts[row.kind]++; }
  return counts;
}

// Takes the rows, in order and with gaps while they come.
export function fill(next) {
  [rows, filter, shown, drawn] = [next, "all", SHOWN_FIRST, ""];
  boxes[0].checked = true;
}

// Draws what has changed.
export function draw() {
  const counts = totals(), matching = rows.filter((row) => row && (filter === "all" || row.kind === filter));
  for (const box of boxes) box.parentElement.querySelector("b").textContent = counts[box.value];
  const visible = matching.slice(0, shown), state = `${page.lang} ${filter} ${visible.length} ${visible.at(-1)?.name}`;
  if (state !== drawn) part("rows").replaceChildren(...visible.map(drawnRow));
  drawn = state;
  part("none").hidden = matching.length > 0;
  part("table").hidden = matching.length === 0;
  const left = Math.min(MORE, matching.length - visible.length);
  part("more").hidden = left <= 0;
  part("more").textContent = say("more", { more: left });
}

function drawnRow({ name, tone, title, shown: words = title, message, notes, number, certificate, holder }) {
  const { lang } = page, other = lang === "en" ? "hi" : "en";
  const cell = (...parts) => {
    const made = element("td", "", { role: "cell" });
    made.append(...parts.filter(([text]) => text).map(([text, more]) => element("span", text, more)));
    return made;
  };
  const result = cell([words[lang], { class: "result" }], ...[message, ...notes].map((said) => [said[lang], { class: "note" }]));
  result.dataset.tone = tone;
  const row = element("tr", "", { role: "row" });
  row.append(
    cell([name, {}]), result, cell([certificate[lang], {}], [number, { class: "note" }]),
    cell([holder[lang], { lang }], [holder[other] === holder[lang] ? "" : holder[other], { lang: other, class: "note" }]),
  );
  return row;
}

for (const box of boxes) {
  box.addEventListener("change", () => {
    [filter, shown] = [box.value, SHOWN_FIRST];
    draw();
  });
}
part("more").addEventListener("click", () => {
  shown += MORE;
  draw();
});
