// The camera: the main one at the back, with light and zoom where it has them.

const BACK = /back|rear|environment|पीछे|पिछला/i;
// These see too wide, too far or no picture at all.
const UNFIT = /ultra|wide-angle|0[.,]5|tele|depth|infrared|\bIR\b|macro|front|user/i;
const FULL_HD = { width: { ideal: 1920 }, height: { ideal: 1080 } };

// The camera to take of those that `enumerateDevices` names: the first at the back that is fit. Phones
// number theirs, the main one first. Null: the browser's own choice stands.
export function preferred(devices) {
  const number = ({ label }) => Number(/\b(\d+)\b/.exec(label)?.[1] ?? 0);
  const fit = devices.filter(({ label }) => BACK.test(label) && !UNFIT.test(label));
  return fit.sort((a, b) => number(a) - number(b))[0]?.deviceId ?? null;
}

export class Camera {
  #stream = null;

  constructor(video) { this.video = video; }

  get track() { return this.#stream?.getVideoTracks()[0]; }

  // Opens one camera, or the best there is. Throws what getUserMedia throws.
  async open(deviceId = null) {
    await this.#take(deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } });
    // Only now have the cameras names.
    const devices = await this.devices(), best = deviceId ? null : preferred(devices);
    if (best && best !== this.track.getSettings().deviceId) await this.#take({ deviceId: { exact: best } });
    return devices;
  }

  async #take(which) {
    this.close();
    this.#stream = await navigator.mediaDevices.getUserMedia({ video: { ...which, ...FULL_HD }, audio: false });
    this.video.srcObject = this.#stream;
    await this.video.play();
    await this.#set({ focusMode: "continuous" });
  }

  async devices() {
    return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
  }

  // What it can do: { torch, zoom: { min, max, step } or undefined }.
  get abilities() {
    const { torch, zoom } = this.track?.getCapabilities?.() ?? {};
    return { torch: Boolean(torch), zoom: zoom && zoom.max > zoom.min ? zoom : undefined };
  }

  light(on) { return this.#set({ torch: on }); }

  zoom(factor) { return this.#set({ zoom: factor }); }

  // A camera that cannot goes on as it is.
  async #set(constraint) {
    await this.track?.applyConstraints({ advanced: [constraint] }).catch(() => {});
  }

  close() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.video.srcObject = null;
  }
}
