/** Share of labelled images that the classifier puts in their class. */
import type { Classifier } from './classifier.ts';
import type { LabelledImages } from './labelledImages.ts';
import { PIXELS } from './network.ts';

export function accuracyOf(classifier: Classifier, data: LabelledImages): number {
  const indices = Array.from({ length: data.count }, (_, index) => index);
  const found = classifier.classes({ rows: data.count, columns: PIXELS, values: data.images(indices) });
  return indices.filter((index) => found[index] === data.label(index)).length / data.count;
}
