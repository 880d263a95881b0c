// The view of the scanner. No picture leaves the device, and none is kept.

import { bytesOf } from "../../package/index.js";
import { element, onRender, page, part, say } from "../page.js";
import { linesOf } from "../verdict.js";
import { Camera } from "./camera.js";
import { codesIn } from "./decoder.js";
import { hint, look } from "./hints.js";
import { ready, signal } from "./signals.js";

// A code that is still in the picture is not checked again at the check post.
const SAME_CODE_MS = 6_000;
// A code that is not ours is told after so long: perhaps ours is beside it.
const FOREIGN_MS = 1_500;

const camera = new Camera(part("video"));
const canvas = document.createElement("canvas");
const pen = canvas.getContext("2d", { willReadFrequently: true });
let scan = null;

const isOurs = (text) => {
  try { return Boolean(bytesOf(text)); } catch { return false; }
};

// Opens the scanner. `found(text)` gets the first code; at the check post (`post`), `judge(text)` gives the
// report of each, one after another, and nothing of it stays.
export async function start({ post, found, judge, failed }) {
  stop();
  if (post) ready();
  const own = (scan = { post, found, judge, failed, since: performance.now(), last: null, foreign: null });
  try {
    const devices = await camera.open(chosen());
    if (scan !== own) return camera.close();
    offer(devices);
    loop(own);
  } catch (error) {
    if (scan === own) { stop(); failed(error.name); }
  }
}

export function stop() {
  scan = null;
  camera.close();
  part("passed").replaceChildren();
  part("passed").removeAttribute("data-tone");
}

// One look after another, as fast as this device can.
async function loop(own) {
  while (scan === own) {
    const { video } = camera;
    if (video.readyState >= 2 && video.videoWidth) {
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      pen.drawImage(video, 0, 0);
      const picture = pen.getImageData(0, 0, canvas.width, canvas.height), seen = look(picture);
      const codes = await codesIn(picture).catch(() => null);
      if (scan !== own) return;
      if (!codes) { stop(); own.failed("decoder"); return; }
      await take(own, codes, seen);
    }
    await new Promise((next) => setTimeout(next, 30));
  }
}

async function take(own, codes, seen) {
  const texts = codes.map((code) => code.text).filter(Boolean), now = performance.now();
  const text = texts.find(isOurs) ?? (await foreign(own, texts[0], now));
  if (!text) {
    const widths = codes.filter((code) => !code.text).map((code) => code.width);
    const name = hint({ ...seen, seen: Math.max(0, ...widths), seconds: (now - own.since) / 1000 });
    return tell(name);
  }
  own.since = now;
  tell(null);
  if (!own.post) { stop(); own.found(text); return; }
  const again = own.last?.text === text && now - own.last.at < SAME_CODE_MS;
  own.last = { text, at: now };
  if (!again) pass(own, await own.judge(text));
}

// A code that is not ours, once it has been alone for a while.
async function foreign(own, text, now) {
  if (!text) return null;
  if (own.foreign?.text !== text) own.foreign = { text, at: now };
  return now - own.foreign.at > FOREIGN_MS ? text : null;
}

function tell(name) {
  const text = say(name ?? "aim");
  if (part("hint").textContent !== text) part("hint").textContent = text;
}

function pass(own, report) {
  if (scan !== own || !report) return;
  own.report = report;
  signal(report.tone);
  renderPassed(report);
}

function renderPassed(r) {
  const { lang } = page, box = part("passed"), list = document.createElement("dl");
  box.dataset.tone = r.tone;
  list.replaceChildren(...linesOf(r));
  // All is well: then who it is comes next.
  const said = r.tone === "good" ? r.notes : [r.message, r.advice, ...r.notes];
  const asOf = r.asOf ? [element("p", `${say("asOf")}: ${r.asOf[lang]}`, { class: "note" })] : [];
  box.replaceChildren(element("h2", r.title[lang]), ...said.map((text) => element("p", text[lang])), ...asOf, list);
}

const chosen = () => sessionStorage.getItem("camera");

function offer(devices) {
  const { torch, zoom } = camera.abilities;
  part("torch").hidden = !torch;
  part("torch").setAttribute("aria-pressed", "false");
  part("zoom-label").hidden = !zoom;
  if (zoom) Object.assign(part("zoom"), { min: zoom.min, max: zoom.max, step: zoom.step || 0.1, value: zoom.min });
  part("camera-label").hidden = devices.length < 2;
  const now = camera.track.getSettings().deviceId;
  part("camera").replaceChildren(...devices.map((device, i) => {
    const option = element("option", device.label || `${say("camera")} ${i + 1}`, { value: device.deviceId });
    option.selected = device.deviceId === now;
    return option;
  }));
}

part("torch").addEventListener("click", () => {
  const on = part("torch").getAttribute("aria-pressed") !== "true";
  part("torch").setAttribute("aria-pressed", String(on));
  camera.light(on);
});
part("zoom").addEventListener("input", () => camera.zoom(Number(part("zoom").value)));
part("camera").addEventListener("change", () => {
  sessionStorage.setItem("camera", part("camera").value);
  if (scan) start(scan);
});
// Nobody looks: the camera is given back.
document.addEventListener("visibilitychange", () => {
  if (document.hidden && scan) scan.paused = true;
  if (document.hidden) camera.close();
  else if (scan?.paused) start(scan);
});
// The module is loaded when the scanner is first opened; from then on it hears what is shown.
onRender((shown) => {
  if (shown.view !== "scan") { if (scan) stop(); return; }
  tell(null);
  part("scan-title").textContent = say(scan?.post ? "postTitle" : "scanTitle");
  part("post-note").hidden = !scan?.post;
  if (scan?.report) renderPassed(scan.report);
});
