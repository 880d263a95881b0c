// Many certificates at once, on this device: choose or drop, watch, look through, keep.

import { Verifier, browserStore, capable } from "../../package/index.js";
import "./strings.js";
import { element, onRender, page, part, render, say, show } from "../page.js";
import { Judge, csvOf, linesOf } from "./rows.js";
import { Refused, chosen, dropped, gather } from "./sources.js";
import { draw, fill, totals } from "./table.js";

// So many are read at once: while one waits for the decoder or a signature, another is unpacked.
const LANES = Math.min(4, navigator.hardwareConcurrency || 2);
const DRAW_EVERY_MS = 250, NEEDED_WITHIN_MS = 8_000;

const verifier = new Verifier(), store = browserStore("mohar-bulk-1");
// What runs or has run: its items, rows, whether it goes on, and how many are done.
let run = null, problem = null, data = null, report = null;

// Purposes and texts of reports: fetched, or as they were when they last could be.
async function loadData() {
  const fetched = await fetch("/bulk.json").then((answer) => (answer.ok ? answer.arrayBuffer() : null), () => null);
  if (fetched) await store.put("data", new Uint8Array(fetched));
  const bytes = fetched ?? (await store.get("data"));
  data = bytes ? JSON.parse(new TextDecoder().decode(bytes)) : { purposes: [], sentences: {}, texts: {} };
  render();
}
const loaded = loadData();

async function begin(find) {
  refuse(null);
  show({ view: "results" });
  run = { items: [], rows: [], done: 0, going: true, state: "opening" };
  const mine = run;
  fill(mine.rows);
  render();
  try {
    await loaded;
    if (!(await capable())) throw new Refused("notCapable");
    mine.items = await gather(await find());
    await readyOrRefuse();
    mine.state = "running";
    await judgeAll(mine, data.purposes.find((p) => p.id === part("purpose").value));
    mine.state = mine.done < mine.items.length ? "cancelled" : "finished";
  } catch (error) {
    if (run === mine) back();
    refuse(error instanceof Refused ? error : new Refused("nothing"));
  }
  mine.going = false;
  if (run === mine) render();
}

// Without lists there is nothing to judge by; fresh ones know what was issued a moment ago.
async function readyOrRefuse() {
  const fresh = verifier.refresh();
  await Promise.race([fresh, new Promise((done) => setTimeout(done, NEEDED_WITHIN_MS))]);
  if (!(await verifier.ready())) throw new Refused("offlineFirst");
}

async function judgeAll(mine, purpose) {
  const judge = new Judge(verifier, data);
  let next = 0, drawnAt = 0;
  const lane = async () => {
    while (mine.going && next < mine.items.length) {
      const n = next++;
      mine.rows[n] = await judge.row(mine.items[n], purpose);
      mine.done++;
      if (performance.now() - drawnAt > DRAW_EVERY_MS) {
        drawnAt = performance.now();
        progress(mine);
        await new Promise((done) => setTimeout(done));
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

function progress(mine) {
  if (run !== mine) return;
  draw();
  part("bar").max = mine.items.length || 1;
  part("bar").value = mine.done;
  part("count").textContent = say("count", { done: mine.done, all: mine.items.length });
}

function refuse(why) {
  problem = why;
  part("problem").textContent = why ? say(why.message, { name: why.of }) : "";
}

function back() {
  if (run) run.going = false;
  [run, report] = [null, null];
  show({ view: "home" });
}

onRender(() => {
  refuse(problem);
  choices();
  if (!run) return;
  const { state, items, done } = run, ended = !run.going;
  part("title").textContent = say(state);
  part("running").hidden = ended || state === "opening";
  part("filter").hidden = part("compare").hidden = part("done").hidden = !ended;
  part("said").textContent = ended ? summary(items.length - done) : "";
  part("signed").disabled = report === "signing";
  part("signed-said").textContent = report ? say(report) : "";
  progress(run);
});

function summary(left) {
  const sum = say("sum", totals());
  return left ? `${sum} ${say("left", { left })}` : sum;
}

// The purposes, in the reader's language; the one that was chosen stays.
function choices() {
  const select = part("purpose"), chosenBefore = select.value;
  const options = (data?.purposes ?? []).map((p) => element("option", p.name[page.lang], { value: p.id }));
  select.replaceChildren(select.options[0], ...options);
  select.value = chosenBefore;
}

function download(blob, name) {
  const link = element("a", "", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function fetchSigned() {
  const lines = linesOf(run.rows.filter(Boolean)), mine = run;
  report = lines ? "signing" : "signedNone";
  render();
  if (!lines) return;
  const headers = { "content-type": "application/x-ndjson", accept: "application/pdf" };
  const answer = await fetch("/v1/verify/batch", { method: "POST", headers, body: lines }).catch(() => null);
  if (answer?.ok) download(await answer.blob(), "report.pdf");
  if (run !== mine) return;
  report = answer?.ok ? "signedDone" : "signedFailed";
  render();
}

for (const id of ["files", "folder"]) {
  part(id).addEventListener("change", () => {
    const files = chosen(part(id).files);
    part(id).value = "";
    if (files.length) begin(async () => files);
  });
}
// Where folders cannot be chosen, as on phones, nothing offers it.
part("pick-folder").hidden = !("webkitdirectory" in part("folder")) || matchMedia("(pointer: coarse)").matches;
addEventListener("dragover", (event) => {
  event.preventDefault();
  part("drop").classList.add("over");
});
addEventListener("dragleave", () => part("drop").classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  part("drop").classList.remove("over");
  // What was dropped is only there until this is over.
  const files = dropped(event.dataTransfer);
  if (!run) begin(() => files);
  else files.catch(() => {});
});
part("cancel").addEventListener("click", () => { run.going = false; });
part("csv").addEventListener("click", () => download(new Blob([csvOf(run.rows.filter(Boolean))], { type: "text/csv" }), "report.csv"));
part("signed").addEventListener("click", fetchSigned);
part("another").addEventListener("click", () => {
  back();
  part("files").focus();
});

show({ view: "home" });
