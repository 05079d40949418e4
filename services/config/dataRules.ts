/** Rules over several fields of the data, which their schema cannot say. */
import type { RunConfig } from './runConfig.ts';

type Data = RunConfig['data'];

/** A sentence for each rule that is broken. */
export function brokenDataRules(data: Data): string[] {
  const broken = 'holdOut' in data ? brokenHoldOut(data.holdOut) : [];
  if (data.dataset === 'mixture') return brokenMixture(data);
  if (data.dataset === 'npy' && data.labels && data.labelsPath === undefined) {
    broken.push('data.labelsPath: missing; needed with data.labels: the .npy file of the labels.');
  }
  if (data.dataset === 'csv' && data.labels && data.labelColumn === undefined) {
    broken.push('data.labelColumn: missing; needed with data.labels: the name or index of the column of the labels.');
  }
  return broken;
}

function brokenHoldOut({ valid, test }: { valid: number; test: number }): string[] {
  if (valid + test < 1) return [];
  return [`data.holdOut: found ${valid} + ${test}; allowed: a sum below 1, for something must be left to train on.`];
}

function brokenMixture({ means, deviations, weights }: Extract<Data, { dataset: 'mixture' }>): string[] {
  const broken: string[] = [];
  const dimensions = means.map((mean) => (typeof mean === 'number' ? 1 : mean.length));
  const odd = dimensions.findIndex((count) => count !== dimensions[0]);
  if (odd >= 0) {
    broken.push(
      `data.means[${odd}]: found ${dimensions[odd]} coordinates; allowed: ${dimensions[0]}, as the first one has.`,
    );
  }
  for (const [name, list] of Object.entries({ deviations, weights })) {
    if (!Array.isArray(list) || list.length === means.length) continue;
    broken.push(`data.${name}: found ${list.length} numbers; allowed: ${means.length}, one for each of the means.`);
  }
  return broken;
}
