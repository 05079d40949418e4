/** Rules over several fields of a run config, which its schema cannot say. */

import { canHonour } from '../compile/obstacle.ts';
import { brokenAlarms } from './alarmRules.ts';
import { brokenDataRules } from './dataRules.ts';
import { brokenEvaluation } from './evaluationRules.ts';
import { brokenClasses, brokenNetworks } from './networkRules.ts';
import { brokenObjective } from './objectiveRules.ts';
import type { RunConfig } from './runConfig.ts';
import { brokenSchedules } from './scheduleRules.ts';

/** A sentence for each rule that the config breaks. */
export function brokenRules(config: RunConfig): string[] {
  const brokenData = brokenDataRules(config.data);
  return [
    ...brokenLength(config),
    ...brokenCounts(config),
    ...brokenBackend(config),
    ...brokenNetworks(config),
    ...brokenObjective(config),
    ...brokenSchedules(config),
    ...brokenAlarms(config),
    ...(brokenData.length > 0 ? brokenData : [...brokenClasses(config), ...brokenEvaluation(config)]),
  ];
}

function brokenLength({ epochs, phases }: RunConfig): string[] {
  if (epochs === undefined && phases === undefined) {
    return ['epochs: missing; needed: the passes over the data to train for, a number above 0 (or `phases`).'];
  }
  if (epochs === undefined || phases === undefined) return [];
  return [
    `epochs, phases: found both (${epochs} and ${phases}); allowed: one of them (--set phases=null takes it away).`,
  ];
}

function brokenBackend({ backend: { require }, compile }: RunConfig): string[] {
  if (require === 'any' || canHonour(require, compile)) return [];
  return [
    `backend.require: found ${require}; allowed with compile ${compile}: any, cuda, tensorflow, for XLA is a part of libtensorflow.`,
  ];
}

/** Workers, shards, and the minibatch that they share. */
function brokenCounts({ shards, workers, batchSize, discriminator: { packing } }: RunConfig): string[] {
  const broken: string[] = [];
  if (workers.max < workers.min) {
    broken.push(`workers.max: found ${workers.max}; allowed: at least ${workers.min}, which is workers.min.`);
  }
  if (shards < workers.min) {
    broken.push(`shards: found ${shards}; allowed: at least ${workers.min}, one for each of the workers.`);
  }
  if (batchSize < shards) {
    broken.push(`batchSize: found ${batchSize}; allowed: at least ${shards}, one sample for each of the shards.`);
  }
  if (packing > 1 && batchSize % (packing * shards) !== 0) {
    const step = packing * shards;
    broken.push(
      `batchSize: found ${batchSize}; allowed with discriminator.packing ${packing} and ${shards} shards: a multiple of ${step}, such as ${Math.ceil(batchSize / step) * step}.`,
    );
  }
  return broken;
}
