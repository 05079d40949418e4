/** What a source gives, as one array. */
import { bytesPerSample, type SampleSource } from '../../services/data/source.ts';

export function sampleOf(source: SampleSource, index: number): Uint8Array {
  const bytes = new Uint8Array(bytesPerSample(source));
  source.read(index, bytes, 0);
  return bytes;
}

/** The bytes of all samples, or of the first `count`. */
export function valuesOf(source: SampleSource, count = source.size): Uint8Array {
  const sampleBytes = bytesPerSample(source);
  const bytes = new Uint8Array(count * sampleBytes);
  for (let index = 0; index < count; index++) source.read(index, bytes, index * sampleBytes);
  return bytes;
}

/** The values of the first `count` samples of a source of floats. */
export function floatsOf(source: SampleSource, count = source.size): Float32Array {
  return new Float32Array(valuesOf(source, count).buffer);
}
