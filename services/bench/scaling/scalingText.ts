/** The part for people: what was measured, a line for each wire format and number of workers, and two workers here. */
import { block, type Line, ms } from '../textBlock.ts';
import { type Bound, MESSAGE_MS, type Prediction } from './model.ts';
import { type FormatScaling, type GameScaling, type ScalingBench, SPEEDS } from './scalingBench.ts';

const NAMES: Readonly<Record<Bound, string>> = {
  compute: 'compute',
  wire: 'wire',
  collective: 'CPU',
  messages: 'messages',
  arithmetic: 'PowerSGD',
  coordinator: 'coordinator',
  link: 'samples',
};

export function scalingText(bench: ScalingBench): string {
  return [measuredText(bench), ...bench.games.map(gameText), pairsText(bench.games)].join('\n');
}

function measuredText({ collectiveMsPerMb, smallRoundMs, coordinator }: ScalingBench): string {
  const each = coordinator.map(({ workers, reportMs }) => `${workers} workers ${ms(reportMs)}`).join(', ');
  return block('scaling on paper, weak: a worker keeps its batch, two cores and a link of its own. Measured here', [
    [
      'CPU of the all-reduce, fp32',
      `${collectiveMsPerMb.fp32.toFixed(2)} ms/MB`,
      'of what travels, between two workers',
    ],
    ['the same, bf16', `${collectiveMsPerMb.bf16.toFixed(2)} ms/MB`, 'rounding is part of it'],
    [
      'a message to a peer',
      `${MESSAGE_MS} ms`,
      `assumed; a round of 4 kB, two hops, takes two workers ${smallRoundMs.toFixed(2)} ms`,
    ],
    ['coordinator, a phase reported by all', '', each],
  ]);
}

/** What bounds a figure is behind it: any other than compute has taken over. */
function gameText(game: GameScaling): string {
  const { name, batchSize, computeMs, serveMs, stages } = game;
  const measured = `fakes ${ms(stages.fakes)}, D ${ms(stages.discriminator)}, G ${ms(stages.generator)}, apply ${ms(stages.apply)}`;
  const title =
    `${name}, batch ${batchSize} a worker: ${ms(computeMs)} an iteration through the host (${measured}), ` +
    `${ms(stages.onDevice)} on the device; ${ms(serveMs)} of the coordinator for each worker\n` +
    `predicted efficiency and what bounds it, at ${SPEEDS.map((speed) => `${speed} Gb/s`).join(', ')}`;
  return block(title, game.formats.flatMap(formatLines));
}

function formatLines({ wireFormat, megabytes, arithmeticMs, predictions }: FormatScaling): Line[] {
  const arithmetic = arithmeticMs > 0 ? ` + ${ms(arithmeticMs)}` : '';
  const fleets = [...new Set(predictions.map(({ workers }) => workers))];
  return fleets.map((workers): Line => {
    const cells = predictions.filter((prediction) => prediction.workers === workers).map(cell);
    return [`${wireFormat}, ${megabytes.toFixed(2)} MB${arithmetic}`, `${workers} workers`, cells.join('')];
  });
}

function cell({ efficiency, bound }: Prediction): string {
  return `${(100 * efficiency).toFixed(1)} %`.padStart(7) + ` ${NAMES[bound]}`.padEnd(14);
}

function pairsText(games: readonly GameScaling[]): string {
  return block(
    'the model and two workers here: ms an iteration, each with its batch',
    games.map(({ name, pair: { predictedMs, unhiddenMs, iterationMs, parts } }): Line => {
      const { computeMs, exchangeMs, applyMs, waitMs } = parts;
      const found = `compute ${ms(computeMs)}, exchange ${ms(exchangeMs)}, apply ${ms(applyMs)}, wait ${ms(waitMs)}`;
      const off = `${(iterationMs / unhiddenMs).toFixed(2)} × ${ms(unhiddenMs)}`;
      return [
        name,
        ms(iterationMs),
        `predicted ${ms(predictedMs)}; ${off} where one core a worker hides nothing; ${found}`,
      ];
    }),
  );
}
