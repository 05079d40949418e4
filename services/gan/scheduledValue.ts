/**
 * What a scheduled value is at an update. Only sums, products, quotients and square roots, which IEEE 754 rounds alike
 * everywhere: V8 has changed the last bits of Math.pow and Math.cos between versions.
 */
import type { ScheduledValue } from '../config/scheduledSchema.ts';

/**
 * With x = t / overUpdates, at most 1: from + (to − from) · (1 − cos πx) / 2 (Loshchilov and Hutter 2017, "SGDR", equation 5,
 * one period), or from · (to / from)ˣ. In a warm-up of w updates, which comes before, from · (t + 1) / (w + 1).
 *
 * @param updatesBefore updates of the value's network before this one.
 */
export function scheduledAt(value: ScheduledValue, updatesBefore: number): number {
  if (typeof value === 'number') return value;
  const { type, from, to, overUpdates, warmUpUpdates = 0 } = value;
  if (updatesBefore < warmUpUpdates) return (from * (updatesBefore + 1)) / (warmUpUpdates + 1);
  const progress = (updatesBefore - warmUpUpdates) / overUpdates;
  // Exactly both ends, whatever rounding does in between.
  if (progress === 0) return from;
  if (progress >= 1) return to;
  if (type === 'exponential') return from * fractionalPower(to / from, progress);
  const share = sineOfQuarter(progress) ** 2;
  return from * (1 - share) + to * share;
}

/** sin(πx/2) for 0 ≤ x ≤ 1, whose square is (1 − cos πx)/2: Taylor's series, good to 2·10⁻¹⁶. */
function sineOfQuarter(x: number): number {
  const angle = (x * Math.PI) / 2;
  const square = angle * angle;
  let sum = 1;
  // The first term left out, at the largest angle, is 10⁻¹⁸.
  for (let n = 20; n >= 2; n -= 2) sum = 1 - (sum * square) / (n * (n + 1));
  return angle * sum;
}

/** base^exponent for 0 < exponent < 1, bit by bit of the exponent: ½, ¼, … are square roots. Good to 10⁻¹⁴. */
function fractionalPower(base: number, exponent: number): number {
  let power = 1;
  let root = base;
  for (let rest = exponent; rest > 0; ) {
    root = Math.sqrt(root);
    rest *= 2;
    if (rest < 1) continue;
    power *= root;
    rest -= 1;
  }
  return power;
}
