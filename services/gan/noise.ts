/** The random inputs of a shard, drawn by global sample index: a shard of any size sees the same numbers. */
import type { RunConfig } from '../config/runConfig.ts';
import type { SampleRange } from '../plan/shards.ts';
import { drawClasses } from '../random/classes.ts';
import { fillDropoutMask } from '../random/dropoutMask.ts';
import { fillNormal } from '../random/normal.ts';
import type { RandomAddress, StreamName } from '../random/streams.ts';
import { fillUniform } from '../random/uniform.ts';

/** √3: a uniform number of this half-width has unit variance, as the normal one has. */
const UNIFORM_RANGE = Math.sqrt(3);

/** Latents [count, latent.size] of the samples in `range`, row by row. */
export function latents(
  config: Pick<RunConfig, 'seed' | 'latent'>,
  stream: 'latent' | 'fixedLatent' | 'sampleLatent',
  phase: number,
  range: SampleRange,
): Float32Array {
  const { size, distribution } = config.latent;
  const address: RandomAddress = { seed: config.seed, stream, phase, layer: 0 };
  const rows = { ...range, width: size };
  const out = new Float32Array(range.count * size);
  if (distribution === 'uniform') fillUniform(address, rows, -UNIFORM_RANGE, UNIFORM_RANGE, out);
  else fillNormal(address, rows, out);
  return out;
}

/** The class of each fake, 0 … classes − 1. */
export function fakeClasses(config: RunConfig, phase: number, range: SampleRange, classes: number): Uint16Array {
  return drawClasses({ seed: config.seed, stream: 'fakeLabel', phase, layer: 0 }, range, classes);
}

/** Normal noise [count, width] with the deviation `std`, row by row. */
export function normalNoise(
  config: RunConfig,
  stream: StreamName,
  phase: number,
  range: SampleRange,
  width: number,
  std: number,
): Float32Array {
  const out = new Float32Array(range.count * width);
  if (std === 0) return out;
  fillNormal({ seed: config.seed, stream, phase, layer: 0 }, { ...range, width }, out);
  return out.map((value) => std * value);
}

/** A number uniform in [0, 1) for each sample. */
export function unitNumbers(config: RunConfig, stream: StreamName, phase: number, range: SampleRange): Float32Array {
  const out = new Float32Array(range.count);
  fillUniform({ seed: config.seed, stream, phase, layer: 0 }, { ...range, width: 1 }, 0, 1, out);
  return out;
}

/** The mask of a batch that stacks one block of rows for each stream (say, reals above fakes), row by row. */
export function stackedMask(
  config: Pick<RunConfig, 'seed' | 'latent'>,
  streams: readonly StreamName[],
  phase: number,
  range: SampleRange,
  layer: { readonly index: number; readonly keep: number; readonly width: number },
): Float32Array {
  const block = range.count * layer.width;
  const out = new Float32Array(streams.length * block);
  for (const [place, stream] of streams.entries()) {
    const address: RandomAddress = { seed: config.seed, stream, phase, layer: layer.index };
    fillDropoutMask(address, { ...range, width: layer.width }, layer.keep, out, place * block);
  }
  return out;
}
