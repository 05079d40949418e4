/** Points of a mixture of Gaussians, drawn when they are read: point i of a split depends on (data seed, split, i) alone. */
import type { MixtureData } from '../config/dataSchema.ts';
import { must } from '../errors/invariant.ts';
import { normalQuantile } from '../random/normal.ts';
import { rowSource } from '../random/streams.ts';
import { gaussianMixture } from './gaussianMixture.ts';
import type { SampleSource, Split } from './source.ts';
import { splitPhase } from './splitPhase.ts';

const STEP = 2 ** -32;

export function mixtureSource(data: MixtureData, split: Split): SampleSource {
  const { means, deviations, weights } = gaussianMixture(data);
  const dimensions = must(means[0], 'component').length;
  let sum = 0;
  const cumulative = weights.map((weight) => {
    sum += weight;
    return sum;
  });
  // Word 0 chooses the component, word 1 + d is dimension d.
  const random = rowSource(
    { seed: data.seed, stream: 'mixturePoint', phase: splitPhase(split), layer: 0 },
    1 + dimensions,
  );
  const chance = (word: number) => (must(random.words[word], 'random word') + 0.5) * STEP;
  const componentOf = (index: number) => {
    random.draw(index);
    const found = cumulative.findIndex((bound) => chance(0) < bound);
    // The shares' sum may be an ulp below 1.
    return found >= 0 ? found : weights.length - 1;
  };
  return {
    name: data.dataset,
    size: data.points,
    shape: [dimensions],
    type: 'float32',
    classes: data.labels ? weights.length : 0,
    read(index, into, offset) {
      const component = componentOf(index);
      const mean = must(means[component], 'mean');
      const deviation = must(deviations[component], 'deviation');
      const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
      for (const [d, center] of mean.entries()) {
        view.setFloat32(offset + 4 * d, center + deviation * normalQuantile(chance(1 + d)), true);
      }
    },
    label: componentOf,
  };
}
