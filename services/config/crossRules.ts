/** Rules over several fields of a run config, which its schema cannot say. */

import { brokenAlarms } from './alarmRules.ts';
import { brokenDataRules } from './dataRules.ts';
import { imageShape } from './imageShape.ts';
import { isLogit } from './isLogit.ts';
import { show } from './problems.ts';
import type { RunConfig } from './runConfig.ts';
import { obstacleToPenalty } from './twiceDifferentiable.ts';

/** A sentence for each rule that the config breaks. */
export function brokenRules(config: RunConfig): string[] {
  const { epochs, phases, shards, workers, batchSize, discriminator } = config;
  const broken: string[] = [];
  if (epochs === undefined && phases === undefined) {
    broken.push('epochs: missing; needed: the passes over the data to train for, a number above 0 (or `phases`).');
  }
  if (epochs !== undefined && phases !== undefined) {
    broken.push(
      `epochs, phases: found both (${epochs} and ${phases}); allowed: one of them (--set phases=null takes it away).`,
    );
  }
  if (workers.max < workers.min) {
    broken.push(`workers.max: found ${workers.max}; allowed: at least ${workers.min}, which is workers.min.`);
  }
  if (shards < workers.min) {
    broken.push(`shards: found ${shards}; allowed: at least ${workers.min}, one for each of the workers.`);
  }
  if (batchSize < shards) {
    broken.push(`batchSize: found ${batchSize}; allowed: at least ${shards}, one sample for each of the shards.`);
  }
  const { packing } = discriminator;
  if (packing > 1 && batchSize % (packing * shards) !== 0) {
    const step = packing * shards;
    broken.push(
      `batchSize: found ${batchSize}; allowed with discriminator.packing ${packing} and ${shards} shards: a multiple of ${step}, such as ${Math.ceil(batchSize / step) * step}.`,
    );
  }
  const known = discriminator.layers.findIndex((layer) => 'classes' in layer);
  if (packing > 1 && known >= 0) {
    broken.push(
      `discriminator.layers[${known}]: found ${discriminator.layers[known]?.type}; not allowed with discriminator.packing ${packing}, whose packs have no one class.`,
    );
  }
  for (const network of ['generator', 'discriminator'] as const) {
    for (const [index, layer] of config[network].layers.entries()) {
      if (!('initStd' in layer) || layer.initStd === undefined || layer.initRange === undefined) continue;
      broken.push(`${network}.layers[${index}]: found both initRange and initStd; allowed: one of them.`);
    }
  }
  broken.push(...brokenObjective(config));
  broken.push(...exponentialsThroughZero(config, ''));
  for (const network of ['generator', 'discriminator'] as const) {
    const optimizer = config.optimizer[network];
    if (optimizer.type !== 'sgd' || typeof optimizer.learningRate === 'number') continue;
    if (optimizer.decay === 1 && optimizer.learningRateFloor === 0) continue;
    broken.push(
      `optimizer.${network}: found decay or learningRateFloor beside a learningRate with a schedule; allowed: one of the two ways to lower it.`,
    );
  }
  broken.push(...brokenAlarms(config));
  const last = discriminator.layers.at(-1);
  if (last === undefined || !isLogit(last)) {
    const at = `discriminator.layers[${discriminator.layers.length - 1}]`;
    broken.push(
      `${at}: found ${show(last)}; allowed as D's last layer, its logit: dense, 1 unit, linear; or class-projection.`,
    );
  }
  const { outputBias } = config.generator;
  if (outputBias === 'marginals' && config.data.normalize !== 'unit') {
    broken.push(
      `generator.outputBias: found marginals; allowed with data.normalize unit, not ${config.data.normalize}.`,
    );
  }
  const brokenData = brokenDataRules(config.data);
  return [...broken, ...(brokenData.length > 0 ? brokenData : brokenClassRules(config))];
}

function brokenClassRules({ generator, discriminator, data }: RunConfig): string[] {
  const known = [generator, discriminator].flatMap(({ layers }) =>
    layers.flatMap((layer) => ('classes' in layer ? [layer.classes] : [])),
  );
  if (known.length === 0) {
    return data.labels
      ? ['data.labels: found true, but no layer knows classes; needed: class-embedding or class-projection.']
      : [];
  }
  const broken: string[] = [];
  if (!data.labels) broken.push('data.labels: found false; needed: true, for the layers that know classes.');
  if (new Set(known).size > 1) {
    broken.push(
      `generator.layers, discriminator.layers: found ${[...new Set(known)].join(' and ')} classes; allowed: one number.`,
    );
  }
  return broken;
}

function brokenObjective({ objective, discriminator }: RunConfig): string[] {
  const { loss, generator, labelSmoothing, augment, penalty } = objective;
  const broken: string[] = [];
  if (loss !== 'log' && generator === 'minimax') {
    broken.push(`objective.generator: found minimax; allowed with loss ${loss}: non-saturating, for it has one form.`);
  }
  if (labelSmoothing > 0 && loss !== 'log' && loss !== 'least-squares') {
    broken.push(
      `objective.labelSmoothing: found ${labelSmoothing}; allowed with loss ${loss}: 0, for it has no target (log and least-squares have).`,
    );
  }
  if (augment !== undefined && imageShape({ objective, discriminator }) === undefined) {
    broken.push(
      'objective.augment.shape: missing; needed where D does not begin with a reshape to an image: [height, width, channels] of a sample.',
    );
  }
  if (penalty === undefined) return broken;
  const { r1, r2, gp, dragan } = penalty;
  if ([r1, r2, gp, dragan].every((term) => term === undefined)) {
    broken.push(
      'objective.penalty: found neither r1, r2, gp nor dragan; needed: one of them (r1: 10, or gp: {weight: 10}).',
    );
  }
  for (const [index, layer] of discriminator.layers.entries()) {
    const why = obstacleToPenalty(layer);
    if (why === undefined) continue;
    broken.push(
      `discriminator.layers[${index}]: found ${layer.type}; not allowed with objective.penalty, since ${why}.`,
    );
  }
  return broken;
}

/** Wherever in the config a value has a schedule. */
function exponentialsThroughZero(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'exponential' && 'from' in value && 'to' in value) {
    const end = (['from', 'to'] as const).find((name) => value[name] === 0);
    return end === undefined
      ? []
      : [`${path}.${end}: found 0; allowed where the type is exponential: a number above 0 (cosine reaches 0).`];
  }
  const name = (key: string) => (Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
  return Object.entries(value).flatMap(([key, inner]) => exponentialsThroughZero(inner, name(key)));
}
