/** Rules over several fields of a run config, which its schema cannot say. */
import { show } from './problems.ts';
import type { RunConfig } from './runConfig.ts';

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
  for (const network of ['generator', 'discriminator'] as const) {
    for (const [index, layer] of config[network].layers.entries()) {
      if (!('initStd' in layer) || layer.initStd === undefined || layer.initRange === undefined) continue;
      broken.push(`${network}.layers[${index}]: found both initRange and initStd; allowed: one of them.`);
    }
  }
  const { loss, generator } = config.objective;
  if (loss !== 'log' && generator === 'minimax') {
    broken.push(`objective.generator: found minimax; allowed with loss ${loss}: non-saturating, for it has one form.`);
  }
  const { penalty } = config.objective;
  if (penalty !== undefined && penalty.r1 === undefined && penalty.r2 === undefined) {
    broken.push('objective.penalty: found neither r1 nor r2; needed: the γ of one of them, a number above 0.');
  }
  const mixing = discriminator.layers.findIndex(({ type }) => type === 'batch-norm');
  if (penalty !== undefined && mixing >= 0) {
    broken.push(
      `discriminator.layers[${mixing}]: found batch-norm; not allowed with objective.penalty, since D(x) would depend on the other samples.`,
    );
  }
  const last = discriminator.layers.at(-1);
  if (last?.type !== 'dense' || last.units !== 1 || last.activation !== 'linear') {
    const at = `discriminator.layers[${discriminator.layers.length - 1}]`;
    broken.push(`${at}: found ${show(last)}; allowed as D's last layer, its logit: dense, 1 unit, linear.`);
  }
  return broken;
}
