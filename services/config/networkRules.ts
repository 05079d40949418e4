/** Rules over the layers of G and D, which their schema cannot say. What depends on the data's shape: `gan/validateNetworks.ts`. */
import { isLogit } from './isLogit.ts';
import { show } from './problems.ts';
import type { RunConfig } from './runConfig.ts';

/** A sentence for each rule that is broken. */
export function brokenNetworks({ generator, discriminator, data }: RunConfig): string[] {
  const broken: string[] = [];
  const { packing } = discriminator;
  const known = discriminator.layers.findIndex((layer) => 'classes' in layer);
  if (packing > 1 && known >= 0) {
    broken.push(
      `discriminator.layers[${known}]: found ${discriminator.layers[known]?.type}; not allowed with discriminator.packing ${packing}, whose packs have no one class.`,
    );
  }
  for (const [network, { layers }] of Object.entries({ generator, discriminator })) {
    for (const [index, layer] of layers.entries()) {
      if (!('initStd' in layer) || layer.initStd === undefined || layer.initRange === undefined) continue;
      broken.push(`${network}.layers[${index}]: found both initRange and initStd; allowed: one of them.`);
    }
  }
  const comparing = generator.layers.findIndex(({ type }) => type === 'minibatch-std');
  if (comparing >= 0) {
    broken.push(
      `generator.layers[${comparing}]: found minibatch-std; allowed in discriminator.layers, for a sample of G must not depend on those it is drawn with.`,
    );
  }
  const last = discriminator.layers.at(-1);
  if (last === undefined || !isLogit(last)) {
    const at = `discriminator.layers[${discriminator.layers.length - 1}]`;
    broken.push(
      `${at}: found ${show(last)}; allowed as D's last layer, its logit: dense, 1 unit, linear; or class-projection.`,
    );
  }
  if (generator.outputBias === 'marginals' && data.normalize !== 'unit') {
    broken.push(`generator.outputBias: found marginals; allowed with data.normalize unit, not ${data.normalize}.`);
  }
  return broken;
}

/** The classes that layers know and those of the data. */
export function brokenClasses({ generator, discriminator, data }: RunConfig): string[] {
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
