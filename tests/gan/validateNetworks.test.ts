/** Proves that networks which cannot play are refused by the layer's name, with what was found and what to do. */
import { describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../services/config/runConfig.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { requirePacks, validateNetworks } from '../../services/gan/validateNetworks.ts';
import { SAMPLE_SIZE, tinyConfig } from './configs.ts';

const DROPOUT = { type: 'dropout', keep: 0.5 } as const;
const LOGIT = { type: 'dense', units: 1 } as const;
const wide = { type: 'dense', units: 6000 } as const;
const huge = { type: 'dense', units: 65_536 } as const;

const REFUSED: Record<string, { input: Partial<RunConfigInput>; says: RegExp; remedy: RegExp }> = {
  'G with another width': {
    input: { generator: { layers: [{ type: 'dense', units: 7, activation: 'sigmoid' }] } },
    says: /generator\.layers\.0 gives shape \[n, 7\].*\[n, 6\]/,
    remedy: /generator\.layers\.0\.units to 6/,
  },
  'G that ends in dropout': {
    input: { generator: { layers: [{ type: 'dense', units: 6 }, DROPOUT] } },
    says: /generator\.layers\.1 is dropout/,
    remedy: /dense layer of 6 units/,
  },
  'G without weights': {
    input: { latent: { size: 6 }, generator: { layers: [{ type: 'reshape', shape: [2, 3, 1] }] } },
    says: /^generator\.layers \(reshape\) have no weights, so that G has nothing to learn\.$/,
    remedy: /a dense layer/,
  },
  'a convolution of what is no image': {
    input: { discriminator: { layers: [{ type: 'conv', filters: 4 }, LOGIT] } },
    says: /^discriminator\.layers\.0 is conv and takes an image \[height, width, channels\], but gets \[6\]\.$/,
    remedy: /\{type: reshape, shape: \[height, width, channels\]\} in front of discriminator\.layers\.0/,
  },
  'a reshape to another number of values': {
    input: { discriminator: { layers: [{ type: 'reshape', shape: [2, 2, 1] }, LOGIT] } },
    says: /^discriminator\.layers\.0 reshapes to \[2, 2, 1\], 4 values, but gets \[6\], 6 values\.$/,
    remedy: /shape of 6 values/,
  },
  'a packed image with the channels of one sample': {
    input: { discriminator: { packing: 2, layers: [{ type: 'reshape', shape: [2, 3, 1] }, LOGIT] } },
    says: /^discriminator\.layers\.0 reshapes to \[2, 3, 1\], 6 values, but gets \[12\], 12 values\.$/,
    remedy: /shape of 12 values/,
  },
  'a kernel that does not fit': {
    input: {
      discriminator: {
        layers: [
          { type: 'reshape', shape: [2, 3, 1] },
          { type: 'conv', filters: 1, kernel: 3, padding: 'valid' },
          LOGIT,
        ],
      },
    },
    says: /^discriminator\.layers\.1 has a kernel of 3 × 3 without padding, but gets an image of 2 × 3\.$/,
    remedy: /kernel of 2 at most/,
  },
  'pooling of what is no image': {
    input: { discriminator: { layers: [{ type: 'pool' }, LOGIT] } },
    says: /^discriminator\.layers\.0 is pool and takes an image \[height, width, channels\], but gets \[6\]\.$/,
    remedy: /reshape/,
  },
  'upsampling of what is no image': {
    input: { generator: { layers: [{ type: 'upsample' }, { type: 'dense', units: 6 }] } },
    says: /^generator\.layers\.0 is upsample and takes an image \[height, width, channels\], but gets \[3\]\.$/,
    remedy: /reshape/,
  },
  'maxout of channels of what is no image': {
    input: { discriminator: { layers: [{ type: 'maxout-conv', filters: 1, pieces: 2 }, LOGIT] } },
    says: /^discriminator\.layers\.0 is maxout-conv and takes an image/,
    remedy: /reshape/,
  },
  'a window that does not fit': {
    input: { discriminator: { layers: [{ type: 'reshape', shape: [2, 3, 1] }, { type: 'pool', size: 3 }, LOGIT] } },
    says: /^discriminator\.layers\.1 has windows of 3 × 3, but gets an image of 2 × 3\.$/,
    remedy: /discriminator\.layers\.1\.size to 2 at most/,
  },
  'windows of nothing but padding': {
    input: {
      discriminator: { layers: [{ type: 'reshape', shape: [2, 3, 1] }, { type: 'pool', size: 2, padding: 2 }, LOGIT] },
    },
    says: /^discriminator\.layers\.1 has padding 2 with windows of 2 × 2/,
    remedy: /padding to 1 at most/,
  },
  'filters of nothing but padding': {
    input: {
      discriminator: {
        layers: [{ type: 'reshape', shape: [2, 3, 1] }, { type: 'conv', filters: 1, kernel: 3, padding: 3 }, LOGIT],
      },
    },
    says: /^discriminator\.layers\.1 has padding 3 with a kernel of 3 × 3/,
    remedy: /padding to 2 at most/,
  },
  'a kernel that does not fit with its padding': {
    input: {
      discriminator: {
        layers: [{ type: 'reshape', shape: [2, 3, 1] }, { type: 'conv', filters: 1, kernel: 5, padding: 1 }, LOGIT],
      },
    },
    says: /^discriminator\.layers\.1 has a kernel of 5 × 5 and padding 1, but gets an image of 2 × 3\.$/,
    remedy: /kernel of 4 at most/,
  },
  'a transposed convolution whose padding leaves nothing': {
    input: {
      generator: {
        layers: [
          { type: 'reshape', shape: [1, 1, 3] },
          { type: 'conv-transpose', filters: 6, kernel: 2, padding: 1 },
        ],
      },
    },
    says: /^generator\.layers\.1 has a kernel of 2 × 2 and padding 1, but gets an image of 1 × 1\.$/,
    remedy: /padding to same, or to less/,
  },
  'G that ends in an image of another size': {
    input: {
      generator: {
        layers: [
          { type: 'reshape', shape: [1, 1, 3] },
          { type: 'conv-transpose', filters: 1, stride: 2 },
        ],
      },
    },
    says: /generator\.layers\.1 gives shape \[n, 4\].*\[n, 6\]/,
    remedy: /shapes, filters and strides that give 6 values/,
  },
  'augmentation of images of another size': {
    input: { objective: { augment: { shape: [2, 2, 1] } } },
    says: /^objective\.augment\.shape is \[2, 2, 1\], 4 values, but a sample of the data has 6\.$/,
    remedy: /\[height, width, channels\] of a sample, 6 values/,
  },
  'marginals without a sigmoid': {
    input: { generator: { layers: [{ type: 'dense', units: 6, activation: 'tanh' }], outputBias: 'marginals' } },
    says: /outputBias is marginals.*generator\.layers\.0 is tanh/,
    remedy: /activation sigmoid/,
  },
  'marginals on maxout': {
    input: { generator: { layers: [{ type: 'maxout', units: 6, pieces: 2 }], outputBias: 'marginals' } },
    says: /is maxout/,
    remedy: /outputBias to zero/,
  },
  'D with two outputs': {
    input: { discriminator: { layers: [{ type: 'dense', units: 2 }] } },
    says: /discriminator\.layers\.0 is dense with 2 units and activation linear/,
    remedy: /units: 1/,
  },
  'D with a sigmoid': {
    input: { discriminator: { layers: [{ ...LOGIT, activation: 'sigmoid' }] } },
    says: /1 units and activation sigmoid.*one linear unit/,
    remedy: /sigmoid is part of the objective/,
  },
  'D that ends in maxout': {
    input: { discriminator: { layers: [{ type: 'maxout', units: 1, pieces: 2 }] } },
    says: /maxout with 1 units/,
    remedy: /type: dense/,
  },
  'D that ends in dropout': {
    input: { discriminator: { layers: [LOGIT, DROPOUT] } },
    says: /discriminator\.layers\.1 is dropout/,
    remedy: /type: dense/,
  },
  'a matrix that no machine here holds': {
    input: { discriminator: { layers: [huge, huge, LOGIT] } },
    says: /discriminator\.1\.weight has shape \[65536, 65536\]/,
    remedy: /fewer units/,
  },
  'too many in sum': {
    input: { discriminator: { layers: [...Array.from({ length: 20 }, () => wide), LOGIT] } },
    says: /together have \d+ values/,
    remedy: /fewer units/,
  },
};

describe('requirePacks', () => {
  it('refuses data that fills no pack', () => {
    const config = tinyConfig({ discriminator: { packing: 4, layers: [LOGIT] }, batchSize: 24 }, 3);
    const error = caught(() => requirePacks(config, 11));
    expect(error.message).toBe(
      'discriminator.packing is 4 with 3 shards, which takes 12 samples, but the data has 11.',
    );
    expect(error.remedy).toMatch(/to less/);
    expect(() => requirePacks(config, 12)).not.toThrow();
    expect(() => requirePacks(tinyConfig({}, 3), 1)).not.toThrow();
  });
});

describe('validateNetworks', () => {
  it.each(Object.entries(REFUSED))('refuses %s', (_name, { input, says, remedy }) => {
    const error = caught(() => validateNetworks(tinyConfig(input), SAMPLE_SIZE));
    expect(error.code).toBe('invalid-config');
    expect(error.message).toMatch(says);
    expect(error.remedy).toMatch(remedy);
  });

  it('accepts dropout at the input and between, maxout, and marginals on a sigmoid', () => {
    const input: Partial<RunConfigInput> = {
      generator: { layers: [DROPOUT, { type: 'dense', units: 6, activation: 'sigmoid' }], outputBias: 'marginals' },
      discriminator: { layers: [DROPOUT, { type: 'maxout', units: 4, pieces: 3 }, DROPOUT, LOGIT] },
    };
    expect(() => validateNetworks(tinyConfig(input), SAMPLE_SIZE)).not.toThrow();
  });
});

function caught(run: () => void): GanglionError {
  try {
    run();
  } catch (error) {
    if (error instanceof GanglionError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
