/**
 * Standard normal numbers by the inverse of the distribution function: M. J. Wichura, "Algorithm AS 241: The
 * percentage points of the normal distribution", Applied Statistics 37 (1988), routine PPND16 (about 16 digits).
 *
 * Not Box–Muller: it needs Math.cos, whose implementation V8 has changed between versions, so that two Node versions
 * would draw different latents. AS 241 needs only +, −, ×, ÷ and sqrt, which IEEE 754 fixes, and in the tails a
 * logarithm, which V8 takes from its own copy of fdlibm on every platform.
 */
import { type RandomAddress, rowSource } from './streams.ts';
import type { RandomRows } from './uniform.ts';

const STEP = 2 ** -32;

/** Fills `out`, [count, width] row by row, with float32 values from normal(0, 1). */
export function fillNormal(address: RandomAddress, rows: RandomRows, out: Float32Array): void {
  const source = rowSource(address, rows.width);
  let index = 0;
  for (let row = 0; row < rows.count; row += 1) {
    source.draw(rows.first + row);
    for (let column = 0; column < rows.width; column += 1) {
      // The middle of the word's interval: never 0 or 1, where the quantile is infinite. Extremes are ±6.3.
      out[index] = normalQuantile(((source.words[column] ?? 0) + 0.5) * STEP);
      index += 1;
    }
  }
}

/** The z with P(Z ≤ z) = p for a standard normal Z; 0 < p < 1. */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(r, A)) / polynomial(r, B);
  }
  const tail = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const z =
    tail <= 5
      ? polynomial(tail - 1.6, C) / polynomial(tail - 1.6, D)
      : polynomial(tail - 5, E) / polynomial(tail - 5, F);
  return q < 0 ? -z : z;
}

type Coefficients = readonly [number, number, number, number, number, number, number, number];

/** Horner's scheme; coefficients from the constant term up. Written out: by a loop the quantile takes half as long again. */
function polynomial(x: number, c: Coefficients): number {
  return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
}

// Wichura's coefficients as the nearest float64 (the paper prints up to 21 digits).
const A: Coefficients = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087,
  33430.57558358813, 2509.0809287301227,
];
const B: Coefficients = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943,
  5226.495278852546,
];
const C: Coefficients = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const D: Coefficients = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const E: Coefficients = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
];
const F: Coefficients = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548,
  1.421511758316446e-7, 2.0442631033899397e-15,
];
