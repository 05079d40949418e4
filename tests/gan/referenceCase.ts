/** What the reference takes, from what the replica takes. */
import type { RunConfig } from '../../services/config/runConfig.ts';
import { decodeRows, rowFormat } from '../../services/data/rowFormat.ts';
import { stateLayout } from '../../services/gan/layout.ts';
import type { PhasePlan } from '../../services/plan/phasePlan.ts';
import { SAMPLE_SIZE } from './configs.ts';
import type { ReferenceBatch, Weights } from './reference.ts';

/** Biases away from 0, where relu and maxout have their kinks. */
export function spread(state: Float32Array): Float32Array {
  return state.map((value, index) => (value === 0 ? 0.3 * Math.sin(index + 1) : value));
}

export function weightsOf(config: RunConfig, state: Float32Array): Weights {
  const layout = stateLayout(config, SAMPLE_SIZE).filter(({ name }) => !/\/|running_/.test(name));
  return new Map(
    layout.map(({ name, offset, length }) => [name, Float64Array.from(state.subarray(offset, offset + length))]),
  );
}

export function referenceBatch(
  config: RunConfig,
  { phase, sampleCount: count, updates, updatesBefore }: PhasePlan,
  samples: Uint8Array | undefined,
): ReferenceBatch {
  const decoded = decodeRows(rowFormat(config.data, SAMPLE_SIZE), samples ?? new Uint8Array());
  const values = decoded.values.map((byte) => byte / 255);
  const rows = Array.from({ length: values.length / SAMPLE_SIZE }, (_, row) =>
    Array.from(values.subarray(row * SAMPLE_SIZE, (row + 1) * SAMPLE_SIZE)),
  );
  const { discriminator: discriminatorUpdates, generator: generatorUpdates } = updatesBefore;
  const reals = { reals: rows, realLabels: [...(decoded.labels ?? [])] };
  return { phase, updates, discriminatorUpdates, generatorUpdates, range: { first: 0, count }, ...reals };
}
