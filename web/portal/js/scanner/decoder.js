// Finds the texts of QR codes in a picture, on this device: with the browser's own detector or, where there
// is none or it finds nothing, with ours, which is fetched when it is first needed.

const WORKER = "/js/scanner/worker.js";
const PARTS = [WORKER, "/decoder/reader/index.js", "/decoder/share.js", "/decoder/reader/zxing_reader.wasm"];
const KEEPER_WITHIN_MS = 3_000;
let native, worker = null, asked = 0;
const waiting = new Map();

async function detector() {
  const Detector = globalThis.BarcodeDetector;
  const formats = Detector ? await Detector.getSupportedFormats().catch(() => []) : [];
  return formats.includes("qr_code") ? new Detector({ formats: ["qr_code"] }) : null;
}

// On a first visit the service worker needs a moment; what it does not see it does not keep.
async function keeperAtWork() {
  const keeper = navigator.serviceWorker;
  if (!keeper || keeper.controller) return;
  const seen = new Promise((done) => keeper.addEventListener("controllerchange", done, { once: true }));
  await Promise.race([seen, new Promise((done) => setTimeout(done, KEEPER_WITHIN_MS))]);
}

async function ours() {
  await keeperAtWork();
  if (worker) return worker;
  worker = new Worker(WORKER, { type: "module" });
  worker.onmessage = ({ data: { id, found, error } }) => {
    const { done, failed } = waiting.get(id);
    waiting.delete(id);
    if (error) failed(new Error(error)); else done(found);
  };
  // It could not be fetched: there is no network, and it was never needed before.
  worker.onerror = (event) => {
    event.preventDefault();
    worker = null;
    for (const { failed } of waiting.values()) failed(new Error("decoder"));
    waiting.clear();
  };
  return worker;
}

// The picture is given away.
async function ask(picture, thorough) {
  const decoder = await ours();
  return new Promise((done, failed) => {
    waiting.set(++asked, { done, failed });
    const { width, height, data } = picture;
    decoder.postMessage({ id: asked, width, height, data, thorough }, [data.buffer]);
  });
}

// Where the portal is installed, ours is kept before it is needed: it may be needed without a network.
export async function keepOurs() {
  native ??= detector();
  if (await native) return;
  await keeperAtWork();
  await Promise.all(PARTS.map((path) => fetch(path)));
}

// The codes in an ImageData: [{ text, width in pixels }]; those with no text were seen, but not read.
// `thorough` takes longer, for a picture of which there is no second.
export async function codesIn(picture, thorough = false) {
  native ??= detector();
  const own = await native;
  if (own) {
    const found = await own.detect(picture).catch(() => []);
    if (found.length || !thorough) return found.map((code) => ({ text: code.rawValue, width: code.boundingBox.width }));
  }
  return ask(picture, thorough);
}
