/** Proves that the table has a line for each wire format and number of workers, and says what bounds each figure. */
import { expect, it } from 'vitest';
import type { ScalingBench } from '../../../services/bench/scaling/scalingBench.ts';
import { scalingText } from '../../../services/bench/scaling/scalingText.ts';

const at = (workers: number, gigabitsPerSecond: number, efficiency: number, bound: 'wire' | 'compute' | 'link') => {
  return { workers, gigabitsPerSecond, efficiency, bound, iterationMs: 1, exposedMs: 1 };
};
const bench: ScalingBench = {
  collectiveMsPerMb: { fp32: 1, bf16: 3.5 },
  smallRoundMs: 0.15,
  coordinator: [{ workers: 8, reportMs: 1 }],
  games: [
    {
      ...{ name: 'mnist-paper', batchSize: 100, computeMs: 37, serveMs: 0.5 },
      stages: { fakes: 4, discriminator: 15, generator: 11, apply: 7, onDevice: 30 },
      formats: [
        {
          ...{ wireFormat: 'fp32', megabytes: 15, arithmeticMs: 0 },
          predictions: [at(8, 1, 0.16, 'wire'), at(8, 10, 0.66, 'compute'), at(8, 100, 0.67, 'link')],
        },
        { wireFormat: 'powersgd', megabytes: 0.17, arithmeticMs: 90, predictions: [at(8, 1, 0.3, 'wire')] },
      ],
      pair: {
        ...{ iterationMs: 60, predictedMs: 45, unhiddenMs: 50, coordinatorMs: 1 },
        parts: { computeMs: 38, exchangeMs: 15, waitMs: 0, applyMs: 7 },
      },
    },
  ],
};

it('is what was measured, a block for each game, and the model beside two workers', () => {
  expect(scalingText(bench)).toMatchInlineSnapshot(`
    "scaling on paper, weak: a worker keeps its batch, two cores and a link of its own. Measured here
      CPU of the all-reduce, fp32           1.00 ms/MB  of what travels, between two workers
      the same, bf16                        3.50 ms/MB  rounding is part of it
      a message to a peer                      0.05 ms  assumed; a round of 4 kB, two hops, takes two workers 0.15 ms
      coordinator, a phase reported by all              8 workers 1.0 ms

    mnist-paper, batch 100 a worker: 37.0 ms an iteration through the host (fakes 4.0 ms, D 15.0 ms, G 11.0 ms, apply 7.0 ms), 30.0 ms on the device; 0.5 ms of the coordinator for each worker
    predicted efficiency and what bounds it, at 1 Gb/s, 10 Gb/s, 100 Gb/s
      fp32, 15.00 MB               8 workers   16.0 % wire          66.0 % compute       67.0 % samples
      powersgd, 0.17 MB + 90.0 ms  8 workers   30.0 % wire

    the model and two workers here: ms an iteration, each with its batch
      mnist-paper  60.0 ms  predicted 45.0 ms; 1.20 × 50.0 ms where one core a worker hides nothing; compute 38.0 ms, exchange 15.0 ms, apply 7.0 ms, wait 0.0 ms
    "
  `);
});
