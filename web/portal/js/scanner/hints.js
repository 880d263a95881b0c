// What to do so that a code can be read, judged by the picture that the camera gives.

// Of 255; a sheet of paper in a room is above 90.
const DARK = 55, GLARE = 235;
// The mean difference of neighbours; text in focus is above 6.
const SOFT = 2.2;
// Pixels across: a code of 69 modules needs three for each.
const SMALL = 200;

// Brightness and sharpness of the middle of an ImageData, from every fourth pixel.
export function look({ width, height, data }) {
  const [left, right] = [width >> 2, width - (width >> 2)], [top, bottom] = [height >> 2, height - (height >> 2)];
  let sum = 0, edges = 0, count = 0;
  for (let y = top; y < bottom; y += 4) {
    for (let x = left; x < right; x += 4) {
      const at = (y * width + x) * 4, next = at + 8;
      sum += data[at + 1];
      edges += Math.abs(data[at + 1] - data[next + 1]);
      count++;
    }
  }
  return { brightness: sum / count, sharpness: edges / count };
}

// The name of a sentence of strings.js, or null while all is well. `seen`: width of a code that was found, but
// not read, or 0; `seconds`: how long nothing has been read.
export function hint({ brightness, sharpness, seen, seconds }) {
  if (brightness < DARK) return "dark";
  if (seen) return seen < SMALL ? "far" : "soft";
  if (seconds < 2) return null;
  if (brightness > GLARE) return "glare";
  if (sharpness < SOFT) return "soft";
  return seconds > 6 ? "closer" : null;
}
