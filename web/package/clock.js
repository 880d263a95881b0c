// What time it is, judged by the device's clock and by the newest time that the service signed.

// The clocks of phones differ by a minute or two; more is a wrong clock.
const TOLERANCE_S = 300;

// `device`: what the clock shows; `newest`: the newest signed time known; `met`: clock and signed time
// when something signed a moment before came from the network, or null. All in seconds since 1970.
export function timeOf(device, newest, met) {
  // The service was here already: at least that much time has passed.
  if (device + TOLERANCE_S < newest) return { now: newest, clock: "behind", device };
  const ahead = met ? met.device - met.signed : 0;
  // Unless somebody has set the clock back since.
  if (ahead > TOLERANCE_S && device >= met.device) return { now: device - ahead, clock: "ahead", device };
  return { now: device, clock: "right", device };
}
