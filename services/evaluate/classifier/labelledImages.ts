/** MNIST's images with their labels, as the classifier takes them. */
import { mnistSource } from '../../data/mnist.ts';
import { PIXELS } from './network.ts';

export interface LabelledImages {
  readonly count: number;
  /** [indices, pixels] in [0, 1]. */
  images(indices: readonly number[]): Float32Array;
  label(index: number): number;
}

/** @param path a folder with the official files, instead of the copy that ships with Ganglion. */
export function labelledMnist(split: 'train' | 'test', path?: string): LabelledImages {
  const source = mnistSource({ dataset: 'mnist', path, labels: true }, split);
  return {
    count: source.size,
    images(indices) {
      const bytes = new Uint8Array(indices.length * PIXELS);
      for (const [row, index] of indices.entries()) source.read(index, bytes, row * PIXELS);
      return Float32Array.from(bytes, (byte) => byte / 255);
    },
    label: (index) => source.label(index),
  };
}
