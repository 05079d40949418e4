/**
 * Proves promises 1 and 2 on whole clusters in virtual time: real coordinator, workers and collectives on a fake network,
 * disk and clock, with kills, stalls, partitions and disk faults drawn from each seed. Nothing may be undone, skipped or
 * done twice, and every run must end with the undisturbed run's weights.
 */
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../services/simulate/simulation.ts';

const SEEDS = 200;
const BLOCK = 50;
const log = pino({ level: 'silent' });

describe('a cluster from a seed', () => {
  it.each(Array.from({ length: SEEDS / BLOCK }, (_, i) => 1 + i * BLOCK))(
    `holds its promises: ${BLOCK} seeds from %i on`,
    { timeout: 240_000 },
    async (first) => {
      for (let seed = first; seed < first + BLOCK; seed++) {
        const { violation, lastLines } = await simulate({ seed, log });
        const again = `Again: npm run simulate -- --seed ${seed} --trace`;
        expect(violation, `seed ${seed}: ${violation}\n${lastLines.join('\n')}\n${again}`).toBeUndefined();
      }
    },
  );

  it.each([1, 7, 23])('is the same again from the same seed: %i', async (seed) => {
    const [one, two] = [await simulate({ seed, log }), await simulate({ seed, log })];
    expect([one.traceHash, one.eventCount]).toEqual([two.traceHash, two.eventCount]);
  });
});
