/** Samples as files: .npy for NumPy, safetensors with what made them. Written as they are drawn, so that any number fits. */
import { encodeHeader } from '../checkpoint/safetensors.ts';
import { must } from '../errors/invariant.ts';
import { bytesOf, npyHeader } from '../picture/npy.ts';
import type { LoadedGan } from './loadGan.ts';

export interface SamplesRequest {
  readonly seed: number;
  readonly count: number;
  /** Classes, taken in turn; undefined where the run knows none. */
  readonly classes: readonly number[] | undefined;
}

/** Samples in memory at a time: a multiple of what a pass through G has. */
const CHUNK = 1024;

/** float32 [count, …shape]. */
export async function* npyOfSamples(gan: LoadedGan, request: SamplesRequest): AsyncGenerator<Uint8Array> {
  yield npyHeader('float32', [request.count, ...gan.shape]);
  yield* samplesOf(gan, request);
}

/** uint16 [count]: the class of each sample. */
export async function* npyOfLabels(classes: readonly number[], count: number): AsyncGenerator<Uint8Array> {
  yield npyHeader('uint16', [count]);
  for (const { first, length } of chunksOf(count)) yield bytesOf(Uint16Array.from(labelsOf(classes, first, length)));
}

/** `samples` [count, …shape]; `labels` [count] as float32, where there are any; seed, run, phase and weights as metadata. */
export async function* safetensorsOfSamples(gan: LoadedGan, request: SamplesRequest): AsyncGenerator<Uint8Array> {
  const { seed, count, classes } = request;
  const { runId, phase, weightsSha256, generatorWeights } = gan;
  const tensors = [
    { name: 'samples', shape: [count, ...gan.shape] },
    ...(classes === undefined ? [] : [{ name: 'labels', shape: [count] }]),
  ];
  yield encodeHeader(tensors, {
    format: 'ganglion.samples',
    seed: String(seed),
    runId,
    phase: String(phase),
    weightsSha256,
    generatorWeights,
  });
  yield* samplesOf(gan, request);
  if (classes === undefined) return;
  for (const { first, length } of chunksOf(count)) yield bytesOf(Float32Array.from(labelsOf(classes, first, length)));
}

async function* samplesOf(gan: LoadedGan, { seed, count, classes }: SamplesRequest): AsyncGenerator<Uint8Array> {
  for (const { first, length } of chunksOf(count)) {
    const labels = classes && labelsOf(classes, first, length);
    yield bytesOf(gan.sample({ seed, first, count: length, labels }));
  }
}

function* chunksOf(count: number): Generator<{ first: number; length: number }> {
  for (let first = 0; first < count; first += CHUNK) yield { first, length: Math.min(CHUNK, count - first) };
}

/** Of the samples from `first` on, each the next of `classes`. */
export function labelsOf(classes: readonly number[], first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => must(classes[(first + i) % classes.length], 'class'));
}
