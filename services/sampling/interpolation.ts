/** Ways from one latent to another, as the paper's figure 3 shows them: what G makes of each step. */
import { invariant, must } from '../errors/invariant.ts';

export const INTERPOLATIONS = ['linear', 'spherical'] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

/** Below this angle, in radians, an arc is a chord for float32. */
const ANGLE_MIN = 1e-4;

/**
 * `steps` latents from `from` to `to`, both ends included, row by row. linear: the chord. spherical: the arc between their
 * directions (Shoemake 1985; for latents White 2016), which keeps to the lengths that normal latents have.
 */
export function interpolate(from: Float32Array, to: Float32Array, steps: number, mode: Interpolation): Float32Array {
  invariant(steps >= 2 && from.length === to.length, `${steps} steps between ${from.length} and ${to.length} values`);
  const weights = weightsOf(from, to, mode);
  const path = new Float32Array(steps * from.length);
  for (let step = 0; step < steps; step += 1) {
    const [a, b] = weights(step / (steps - 1));
    for (let i = 0; i < from.length; i += 1) {
      path[step * from.length + i] = a * must(from[i], 'value') + b * must(to[i], 'value');
    }
  }
  return path;
}

function weightsOf(
  from: Float32Array,
  to: Float32Array,
  mode: Interpolation,
): (t: number) => readonly [number, number] {
  const cosine = dot(from, to) / Math.sqrt(dot(from, from) * dot(to, to));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  // Opposite latents have no one arc between them, and equal ones none that is longer than the chord.
  if (mode === 'linear' || !(angle > ANGLE_MIN && angle < Math.PI - ANGLE_MIN)) return (t) => [1 - t, t];
  return (t) => [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)];
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += must(a[i], 'value') * must(b[i], 'value');
  return sum;
}
