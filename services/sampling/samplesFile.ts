/** Samples as files: .npy for NumPy, safetensors with what made them. Written as they are drawn, so that any number fits. */
import { encodeHeader } from '../checkpoint/safetensors.ts';
import { bytesOf, encodeNpy, npyHeader } from '../picture/npy.ts';
import type { LoadedGan } from './loadGan.ts';

export interface SamplesRequest {
  readonly seed: number;
  readonly count: number;
  /** One for each sample; undefined where the run knows no classes. */
  readonly labels: readonly number[] | undefined;
}

/** Samples in memory at a time: a multiple of what a pass through G has. */
const CHUNK = 1024;

/** float32 [count, …shape]. */
export async function* npyOfSamples(gan: LoadedGan, request: SamplesRequest): AsyncGenerator<Uint8Array> {
  yield npyHeader('float32', [request.count, ...gan.shape]);
  yield* chunks(gan, request);
}

/** uint16 [count]. */
export function npyOfLabels(labels: readonly number[]): Buffer {
  return encodeNpy(Uint16Array.from(labels), [labels.length]);
}

/** `samples` [count, …shape]; `labels` [count] as float32, where there are any; seed, run, phase and weights as metadata. */
export async function* safetensorsOfSamples(gan: LoadedGan, request: SamplesRequest): AsyncGenerator<Uint8Array> {
  const { seed, count, labels } = request;
  const { runId, phase, weightsSha256, generatorWeights } = gan;
  const tensors = [
    { name: 'samples', shape: [count, ...gan.shape] },
    ...(labels === undefined ? [] : [{ name: 'labels', shape: [count] }]),
  ];
  yield encodeHeader(tensors, {
    format: 'ganglion.samples',
    seed: String(seed),
    runId,
    phase: String(phase),
    weightsSha256,
    generatorWeights,
  });
  yield* chunks(gan, request);
  if (labels !== undefined) yield bytesOf(Float32Array.from(labels));
}

async function* chunks(gan: LoadedGan, { seed, count, labels }: SamplesRequest): AsyncGenerator<Uint8Array> {
  for (let first = 0; first < count; first += CHUNK) {
    const length = Math.min(CHUNK, count - first);
    const own = labels?.slice(first, first + length);
    yield bytesOf(gan.sample({ seed, first, count: length, ...(own && { labels: own }) }));
  }
}
