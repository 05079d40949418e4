/**
 * Stacked MNIST (Metz et al. 2017, Unrolled GANs; the protocol of PacGAN): three random digits as the channels of one
 * image, so that 1000 modes are known by their labels. Which digits stand in stack i follows from (data seed, split, i).
 * Each split stacks digits of the same split of MNIST.
 */
import type { StackedMnistData } from '../config/dataSchema.ts';
import { rowSource } from '../random/streams.ts';
import { mnistSource } from './mnist.ts';
import type { SampleSource, Split } from './source.ts';
import { splitPhase } from './splitPhase.ts';

const CHANNELS = 3;

export function stackedMnistSource(data: StackedMnistData, split: Split): SampleSource {
  const { dataset: name, stacks: size, seed, labels, path } = data;
  const digits = mnistSource({ dataset: 'mnist', path, labels }, split);
  const [height = 0, width = 0] = digits.shape;
  const digit = new Uint8Array(height * width);
  const random = rowSource({ seed, stream: 'stackedDigits', phase: splitPhase(split), layer: 0 }, CHANNELS);
  const digitsOf = (index: number): readonly number[] => {
    random.draw(index);
    return Array.from(random.words.subarray(0, CHANNELS), (word) => Math.floor((word * digits.size) / 2 ** 32));
  };
  return {
    ...{ name, size, shape: [height, width, CHANNELS], type: 'uint8', classes: labels ? 10 ** CHANNELS : 0 },
    read(index, into, offset) {
      for (const [channel, chosen] of digitsOf(index).entries()) {
        digits.read(chosen, digit, 0);
        for (let i = 0; i < digit.length; i++) into[offset + CHANNELS * i + channel] = digit[i] as number;
      }
    },
    label: (index) => digitsOf(index).reduce((number, chosen) => 10 * number + digits.label(chosen), 0),
  };
}
