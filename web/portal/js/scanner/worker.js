// Our decoder, beside the page: pictures in, codes out. See ../../decoder.

import { readBarcodes } from "/decoder/reader/index.js";

const QUICK = { formats: ["QRCode"], maxNumberOfSymbols: 4, returnErrors: true };
const THOROUGH = { ...QUICK, tryHarder: true, tryRotate: true, tryInvert: true, tryDownscale: true, tryDenoise: true };

self.onmessage = async ({ data: { id, width, height, data, thorough } }) => {
  try {
    const read = await readBarcodes(new ImageData(data, width, height), thorough ? THOROUGH : QUICK);
    const found = read.map(({ text, isValid, position: p }) => ({
      text: isValid ? text : "",
      width: Math.hypot(p.topRight.x - p.topLeft.x, p.topRight.y - p.topLeft.y),
    }));
    self.postMessage({ id, found });
  } catch (error) {
    self.postMessage({ id, error: error.name });
  }
};
