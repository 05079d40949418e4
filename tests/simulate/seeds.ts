/** A thousand seeds, in blocks that say how far it is. Two files share two thousand, so that two processes can run them. */
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { simulate } from '../../services/simulate/simulation.ts';

const SEEDS = 1000;
const BLOCK = 100;
const log = pino({ level: 'silent' });

export function holdsFrom(begin: number): void {
  it.each(Array.from({ length: SEEDS / BLOCK }, (_, i) => begin + i * BLOCK))(
    `holds its promises: ${BLOCK} seeds from %i on`,
    { timeout: 240_000 },
    async (first) => {
      for (let seed = first; seed < first + BLOCK; seed++) {
        const { violation, lastLines } = await simulate({ seed, log });
        const again = `Again: npx ganglion simulate --seed ${seed} --trace`;
        expect(violation, `seed ${seed}: ${violation}\n${lastLines.join('\n')}\n${again}`).toBeUndefined();
      }
    },
  );
}
