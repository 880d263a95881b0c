// A verdict to the ear and the hand, for whoever looks at the road: two tones up, one, or two low ones.

const TONES = { good: [[660, 0], [990, 0.14]], warn: [[520, 0]], bad: [[220, 0], [220, 0.25]] };
const BUZZ = { good: [80], warn: [200], bad: [250, 120, 250] };
let audio = null;

// Sound is allowed once somebody has touched the page.
export function ready() {
  audio ??= new AudioContext();
  audio.resume();
}

export function signal(tone) {
  navigator.vibrate?.(BUZZ[tone]);
  for (const [pitch, after] of audio ? TONES[tone] : []) {
    const start = audio.currentTime + after, oscillator = audio.createOscillator(), volume = audio.createGain();
    oscillator.frequency.value = pitch;
    oscillator.type = tone === "bad" ? "square" : "sine";
    volume.gain.setValueAtTime(0.25, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.18);
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.2);
  }
}
