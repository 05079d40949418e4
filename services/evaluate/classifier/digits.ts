/** Digits, and stacks of three of them as channels, through the classifier. */
import { must } from '../../errors/invariant.ts';
import type { Matrix } from '../matrix.ts';
import type { Classifier } from './classifier.ts';
import { CLASSES, PIXELS } from './network.ts';

const STACK_CHANNELS = 3;

/** How often each digit, or each number that three stacked digits spell, was seen. */
export function countsOf(classifier: Classifier, fakes: Matrix): Uint32Array {
  const channels = fakes.columns / PIXELS;
  const digits = classifier.classes(digitsOf(fakes));
  const counts = new Uint32Array(CLASSES ** channels);
  for (let row = 0; row < fakes.rows; row += 1) {
    const number = digits
      .subarray(row * channels, (row + 1) * channels)
      .reduce((sum, digit) => CLASSES * sum + digit, 0);
    counts[number] = must(counts[number], 'mode') + 1;
  }
  return counts;
}

/** Of a stack, the three digits' features one after the other. */
export function featuresOf(classifier: Classifier, images: Matrix): Matrix {
  const { values } = classifier.features(digitsOf(images));
  return { rows: images.rows, columns: values.length / images.rows, values };
}

/** One digit a row: of stacks, each channel. */
function digitsOf(images: Matrix): Matrix {
  if (images.columns === PIXELS) return images;
  const values = new Float32Array(images.values.length);
  for (let at = 0; at < values.length; at += 1) {
    const [image, within] = [Math.floor(at / images.columns), at % images.columns];
    const [pixel, channel] = [Math.floor(within / STACK_CHANNELS), within % STACK_CHANNELS];
    values[(image * STACK_CHANNELS + channel) * PIXELS + pixel] = images.values[at] as number;
  }
  return { rows: images.rows * STACK_CHANNELS, columns: PIXELS, values };
}
