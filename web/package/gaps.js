// Sets of indices as bits (credential.md §10.1): gaps in Rice codes that follow their running mean.

import { damaged } from "./bytes.js";

const UNARY_MAX = 24, SEEN_FIRST = 8, SEEN_MAX = 32;

// The `sets` sets of ascending indices below `universe` that the bytes hold.
export function read(bytes, sets, universe) {
  const bits = new Bits(bytes);
  const all = Array.from({ length: sets }, () => readSet(bits, universe));
  return bits.done() ? all : damaged();
}

function readSet(bits, universe) {
  const length = bits.ones(40);
  const count = 2 ** length + bits.number(length) - 1;
  if (count > bits.left()) damaged();
  let sum = SEEN_FIRST * Math.floor(universe / Math.max(count, 1)), seen = SEEN_FIRST, next = 0;
  const set = new Array(count);
  for (let i = 0; i < count; i++) {
    const skipped = readGap(bits, logarithm(Math.floor(sum / seen)), universe);
    const index = next + skipped;
    if (index >= universe) damaged();
    set[i] = index;
    next = index + 1;
    sum += skipped + 1;
    if (++seen === SEEN_MAX) { sum = Math.floor(sum / 2); seen /= 2; }
  }
  return set;
}

function readGap(bits, parameter, universe) {
  const unary = bits.ones(UNARY_MAX);
  if (unary < UNARY_MAX) return unary * 2 ** parameter + bits.number(parameter);
  const skipped = bits.number(universe > 1 ? logarithm(universe - 1) + 1 : 0);
  return skipped >= UNARY_MAX * 2 ** parameter ? skipped : damaged();
}

// Of a whole number, rounded down; 0 of 0.
function logarithm(number) {
  const high = Math.floor(number / 2 ** 31);
  return high ? 62 - Math.clz32(high) : 31 - Math.clz32(number | 1);
}

// Bits, the highest of each byte first.
class Bits {
  constructor(bytes) { this.bytes = bytes; this.at = 0; }

  left() { return this.bytes.length * 8 - this.at; }

  bit() {
    if (this.at >= this.bytes.length * 8) damaged();
    const bit = this.bytes[this.at >> 3] >> (7 - (this.at & 7)) & 1;
    this.at++;
    return bit;
  }

  // How many ones there are before a zero, which is read, too; after `most` there is none.
  ones(most) {
    let count = 0;
    while (count < most && this.bit()) count++;
    return count;
  }

  number(width) {
    let number = 0;
    while (width-- > 0) number = number * 2 + this.bit();
    return number;
  }

  // Nothing is left but the zeros that fill up the last byte.
  done() {
    if (this.left() > 7) return false;
    while (this.left()) if (this.bit()) return false;
    return true;
  }
}
