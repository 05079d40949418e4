/**
 * Proves that the Parzen window's log-likelihood is scikit-learn's kernel density estimate's and the authors' choice of σ, by
 * closed forms too, on every backend.
 */
import { describe, expect, it } from 'vitest';
import { PARZEN_CAVEAT, parzenLogLikelihood, SIGMA_GRID } from '../../services/evaluate/parzen.ts';
import { testBackends } from '../gan/backends.ts';
import { FIXTURES, numbers } from './numbers.ts';

describe.each(testBackends())('on $kind', ({ start }) => {
  const data = { validation: numbers(2, 15, 6), test: numbers(3, 20, 6) };

  it('is what scikit-learn says, at the σ that validation data choose', async () => {
    const found = parzenLogLikelihood(await start(), numbers(1, 40, 6), data);
    expect(found.sigma).toBeCloseTo(FIXTURES.parzen.sigma, 12);
    expect(found.logLikelihood).toBeCloseTo(FIXTURES.parzen.logLikelihood, 4);
    expect(found.standardError).toBeCloseTo(FIXTURES.parzen.standardError, 4);
    expect(found.atEdge).toBe(false);
  });

  it('is what scikit-learn says at each σ of the grid', async () => {
    const tf = await start();
    for (const [index, sigma] of SIGMA_GRID.entries()) {
      const { logLikelihood } = parzenLogLikelihood(tf, numbers(1, 40, 6), data, sigma);
      expect(logLikelihood).toBeCloseTo(FIXTURES.parzen.atEachSigma[index] ?? Number.NaN, 4);
    }
  });

  it('is a Gaussian’s own density where there is one sample', async () => {
    const point = numbers(5, 1, 3);
    const { logLikelihood, standardError } = parzenLogLikelihood(
      await start(),
      point,
      { validation: point, test: point },
      1,
    );
    expect(logLikelihood).toBeCloseTo(-3 * Math.log(Math.sqrt(2 * Math.PI)), 9);
    expect(standardError).toBe(0);
  });

  it('leaves no tensor behind', async () => {
    const tf = await start();
    const before = tf.memory().numTensors;
    parzenLogLikelihood(tf, numbers(1, 40, 6), data);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([0.01, 0.15, 2])('refuses σ = %s', async (sigma) => {
    const tf = await start();
    const ask = () => parzenLogLikelihood(tf, numbers(1, 40, 6), data, sigma);
    expect(ask).toThrow(`σ = ${sigma} is not on the authors' grid (0.100, 0.129, 0.167,`);
  });

  it('takes a σ as it is printed', async () => {
    expect(parzenLogLikelihood(await start(), numbers(1, 40, 6), data, 0.167).sigma).toBe(SIGMA_GRID[2]);
  });
});

it('says where a better σ may lie outside of the grid', async () => {
  const [backend] = testBackends();
  const tf = await backend?.start();
  const far = numbers(7, 10, 2, (value) => 100 * value);
  if (tf) expect(parzenLogLikelihood(tf, numbers(6, 10, 2), { validation: far, test: far }).atEdge).toBe(true);
  expect(PARZEN_CAVEAT).toContain('Theis');
});
