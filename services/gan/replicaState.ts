/** The replica's variables by their canonical names: the only place that owns tensors between phases. */
import { createHash } from 'node:crypto';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { invariant, must } from '../errors/invariant.ts';
import { columnLimitOf } from './columnLimit.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import { gradientLayout, optimizerSlots, replicaLayout, type TensorSpec } from './layout.ts';
import type { TrainedParameter } from './optimizers.ts';

export interface ReplicaState {
  /** By canonical name; a bug of ours where there is none. */
  variable(name: string): Variable;
  /** A network's parameters in the order of the flat gradient. */
  parameters(network: NetworkName): readonly TrainedParameter[];
  load(state: Float32Array): void;
  save(): Float32Array;
  weightsSha256(): string;
  dispose(): void;
}

export function createReplicaState(tf: Tf, kernels: Kernels, config: RunConfig, sampleSize: number): ReplicaState {
  const layout = replicaLayout(config, sampleSize);
  const last = must(layout.at(-1), 'a tensor');
  const length = last.offset + last.length;
  const variables = new Map(layout.map((spec) => [spec.name, kernels.variable(spec.shape)]));
  const variable = (name: string) => must(variables.get(name), name);
  // Not returned through the tidy: it would look for tensors in every value of the array, at half a microsecond each.
  const values = (spec: TensorSpec) => {
    let read: Float32Array | undefined;
    tf.tidy(() => {
      read = variable(spec.name).read().dataSync<'float32'>();
    });
    return must(read, spec.name);
  };
  return {
    variable,
    parameters: (network) =>
      gradientLayout(config, sampleSize, [network]).slices.map(({ name }) => ({
        weight: variable(name),
        slots: optimizerSlots(config, network).map((slot) => variable(`${name}/${slot}`)),
        average: variables.get(`${name}/ema`),
        columnLimit: columnLimitOf(config, network, name),
      })),
    load: (state) => {
      invariant(state.length === length, `a state of ${state.length} values for ${length}`);
      for (const spec of layout) {
        variable(spec.name).assign(state.subarray(spec.offset, spec.offset + spec.length));
      }
    },
    save: () => {
      const state = new Float32Array(length);
      for (const { name, offset, length } of layout) {
        tf.tidy(() => kernels.read(variable(name).read(), state.subarray(offset, offset + length)));
      }
      return state;
    },
    weightsSha256: () => {
      const hash = createHash('sha256');
      const weights = gradientLayout(config, sampleSize, ['generator', 'discriminator']).slices;
      // Node.js runs on little-endian machines only, so that the memory's bytes are the bytes we define.
      for (const spec of weights) {
        const { buffer, byteOffset, byteLength } = values(spec);
        hash.update(new Uint8Array(buffer, byteOffset, byteLength));
      }
      return hash.digest('hex');
    },
    dispose: () => {
      for (const held of variables.values()) held.dispose();
      variables.clear();
    },
  };
}
