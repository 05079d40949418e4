/**
 * Precision and recall by nearest neighbours (Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020), k = 3.
 *
 * Every sample is the centre of a ball that reaches to its k-th nearest neighbour in its own set.
 *   precision: share of fakes inside a real ball          recall:   share of reals inside a fake ball
 *   density:   real balls around a fake, on average, / k  coverage: share of real balls with a fake inside
 * Of two sets of n samples of one distribution, density is 1 on average and coverage 1 − 2^−k = .875 for large n.
 *
 * Products in float32 propose; wherever their error could decide, float64 does: so the counts are those of exact arithmetic
 * on every backend.
 */
import { invariant } from '../errors/invariant.ts';
import type { Tf } from '../gan/kernels.ts';
import { distancesBetween } from './distances.ts';
import type { Matrix } from './matrix.ts';

const NEIGHBOURS = 3;

export interface Prdc {
  readonly precision: number;
  readonly recall: number;
  readonly density: number;
  readonly coverage: number;
}

export function precisionRecallDensityCoverage(tf: Tf, real: Matrix, fake: Matrix): Prdc {
  const realRadii = squaredRadii(tf, real);
  const fakeRadii = squaredRadii(tf, fake);
  const ballsAround = new Uint32Array(fake.rows);
  let [recalled, covered] = [0, 0];
  const distances = distancesBetween(tf, real, fake);
  for (const { first, count, squared } of distances.blocks()) {
    for (let row = 0, at = 0; row < count; row += 1) {
      const i = first + row;
      const error = distances.errorOf(i);
      const radius = realRadii[i] as number;
      let [inFakeBall, hasFake] = [false, false];
      for (let j = 0; j < fake.rows; j += 1, at += 1) {
        let distance = squared[at] as number;
        const other = fakeRadii[j] as number;
        if (Math.abs(distance - radius) <= error || Math.abs(distance - other) <= error)
          distance = distances.exact(i, j);
        if (distance < radius) {
          hasFake = true;
          ballsAround[j] = (ballsAround[j] as number) + 1;
        }
        if (distance < other) inFakeBall = true;
      }
      if (inFakeBall) recalled += 1;
      if (hasFake) covered += 1;
    }
  }
  const balls = ballsAround.reduce((sum, around) => sum + around, 0);
  return {
    precision: ballsAround.filter((around) => around > 0).length / fake.rows,
    recall: recalled / real.rows,
    density: balls / (NEIGHBOURS * fake.rows),
    coverage: covered / real.rows,
  };
}

/** The squared distance of each row's k-th nearest other row. */
function squaredRadii(tf: Tf, set: Matrix): Float64Array {
  invariant(set.rows > NEIGHBOURS, `more than ${NEIGHBOURS} samples`);
  const radii = new Float64Array(set.rows);
  const distances = distancesBetween(tf, set, set);
  for (const { first, count, squared } of distances.blocks()) {
    for (let row = 0; row < count; row += 1) {
      const mine = squared.subarray(row * set.rows, (row + 1) * set.rows);
      const self = first + row;
      const reach = kthSmallest(mine, self) + 2 * distances.errorOf(self);
      const candidates: number[] = [];
      for (let j = 0; j < set.rows; j += 1) {
        if (j !== self && (mine[j] as number) <= reach) candidates.push(distances.exact(self, j));
      }
      radii[self] = candidates.sort((a, b) => a - b)[NEIGHBOURS - 1] as number;
    }
  }
  return radii;
}

function kthSmallest(values: Float64Array, except: number): number {
  const least = new Float64Array(NEIGHBOURS).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (value >= (least[NEIGHBOURS - 1] as number) || i === except) continue;
    let place = NEIGHBOURS - 1;
    while (place > 0 && (least[place - 1] as number) > value) {
      least[place] = least[place - 1] as number;
      place -= 1;
    }
    least[place] = value;
  }
  return least[NEIGHBOURS - 1] as number;
}
