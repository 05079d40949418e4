/**
 * Which tensors a run has, in which order, and where each lies in the flat state and in the flat gradient.
 *
 * The order is canonical and never changes, because checkpoints, hashes and the all-reduce depend on it: G's weights,
 * D's weights, then the optimizer slots (G's, D's), then the moving average of G, then the running statistics (G's, D's), then the singular vectors of
 * spectrally normalised weights (G's, D's). What the compression of gradients keeps
 * from phase to phase comes last: the replica knows nothing of it.
 */
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { type NamedShape, parameterShapes, runningShapes, spectralShapes } from './layerTensors.ts';
import { statisticSlots } from './objective.ts';
import { resolveLayers } from './shapes.ts';

/** A float32 tensor inside a flat array. Offset and length count values, not bytes. */
export interface TensorSpec {
  /** As `layerTensors.ts` has it; of an optimizer slot, `discriminator.1.weight/velocity`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** Where the parts of the flat gradient lie. */
export interface GradientLayout {
  /** Values in the flat gradient, statistics included. */
  readonly length: number;
  /** One a parameter tensor, of the phase's networks in the order of `updates`. */
  readonly slices: readonly TensorSpec[];
  /** The statistic slots (`statisticSlots`) start here: five, or six with a penalty. */
  readonly statisticsOffset: number;
  /** Behind them: what the running statistics of the phase's networks move towards, times the shard's samples. */
  readonly moments: readonly TensorSpec[];
  /** One more value: above 0 in the sum where a worker was asked to stop at the end of this phase. The replica leaves it 0. */
  readonly stopOffset: number;
}

export const NETWORKS: readonly NetworkName[] = ['generator', 'discriminator'];

/** Optimizer slots a weight has, in order; none for plain gradient descent. */
export function optimizerSlots(config: RunConfig, network: NetworkName): readonly string[] {
  const optimizer = config.optimizer[network];
  switch (optimizer.type) {
    case 'adam':
    case 'adamw':
      return ['adam_m', 'adam_v'];
    case 'rmsprop':
      return ['mean_square'];
    case 'sgd':
      return optimizer.momentum === undefined ? [] : ['velocity'];
  }
}

/** Everything that a run is after a phase, in canonical order: what a checkpoint holds. */
export function stateLayout(config: RunConfig, sampleSize: number): readonly TensorSpec[] {
  return placed([...replicaLayout(config, sampleSize), ...compressionShapes(config, sampleSize)]);
}

/** What the replica holds, at the front of the state: what `load` takes and `save` gives. */
export function replicaLayout(config: RunConfig, sampleSize: number): readonly TensorSpec[] {
  const weights = NETWORKS.flatMap((network) => networkShapes(config, network, sampleSize));
  const slots = NETWORKS.flatMap((network) =>
    networkShapes(config, network, sampleSize).flatMap((tensor) =>
      optimizerSlots(config, network).map((slot) => ({ ...tensor, name: `${tensor.name}/${slot}` })),
    ),
  );
  const averages =
    config.ema === undefined
      ? []
      : networkShapes(config, 'generator', sampleSize).map((tensor) => ({ ...tensor, name: `${tensor.name}/ema` }));
  const running = runningStatistics(config, sampleSize, NETWORKS);
  const singular = NETWORKS.flatMap((network) =>
    resolveLayers(config, network, sampleSize).flatMap((layer) => spectralShapes(network, layer)),
  );
  return placed([...weights, ...slots, ...averages, ...running, ...singular]);
}

/** Values in the flat state. */
export function stateLength(config: RunConfig, sampleSize: number): number {
  return end(stateLayout(config, sampleSize));
}

/** Values of it that the replica holds. */
export function replicaLength(config: RunConfig, sampleSize: number): number {
  return end(replicaLayout(config, sampleSize));
}

/** Whether a shard keeps what the wire format leaves out of its gradient, for its next one. */
export function keepsResiduals({ collective }: RunConfig): boolean {
  return collective.wireFormat !== 'fp32' && collective.errorFeedback;
}

/** Whether PowerSGD sends factors of this tensor: a matrix that is larger than they are. */
export function isFactored(shape: readonly number[], rank: number): boolean {
  const [rows, columns] = shape;
  return shape.length === 2 && rows !== undefined && columns !== undefined && (rows + columns) * rank < rows * columns;
}

/** PowerSGD's right factors [columns, rank], the same on every worker; then the residuals of each shard's gradients. */
function compressionShapes(config: RunConfig, sampleSize: number): readonly NamedShape[] {
  const { wireFormat, rank } = config.collective;
  const factors = NETWORKS.flatMap((network) => networkShapes(config, network, sampleSize))
    .filter(({ shape }) => wireFormat === 'powersgd' && isFactored(shape, rank))
    .map(({ name, shape }) => ({ name: factorName(name), shape: [shape[1] ?? 0, rank] }));
  if (!keepsResiduals(config)) return factors;
  const lengths = NETWORKS.map(
    (network) => [network, end(placed(networkShapes(config, network, sampleSize)))] as const,
  );
  const residuals = Array.from({ length: config.shards }, (_, shard) =>
    lengths.map(([network, length]) => ({ name: residualName(network, shard), shape: [length] })),
  );
  return [...factors, ...residuals.flat()];
}

export function factorName(tensor: string): string {
  return `${tensor}/powersgd_q`;
}

export function residualName(network: NetworkName, shard: number): string {
  return `${network}/residual.${shard}`;
}

/** The flat gradient of a phase that updates `updates`. */
export function gradientLayout(config: RunConfig, sampleSize: number, updates: readonly NetworkName[]): GradientLayout {
  const slices = placed(updates.flatMap((network) => networkShapes(config, network, sampleSize)));
  const statisticsOffset = end(slices);
  const momentsOffset = statisticsOffset + statisticSlots(config.objective).length;
  const moments = placed(runningStatistics(config, sampleSize, updates), momentsOffset);
  const stopOffset = moments.length === 0 ? momentsOffset : end(moments);
  return { length: stopOffset + 1, slices, statisticsOffset, moments, stopOffset };
}

function runningStatistics(config: RunConfig, sampleSize: number, networks: readonly NetworkName[]): NamedShape[] {
  return networks.flatMap((network) =>
    resolveLayers(config, network, sampleSize).flatMap((layer) => runningShapes(network, layer)),
  );
}

/** Those of one network's layers. */
export function ofNetwork(tensors: readonly TensorSpec[], network: NetworkName): readonly TensorSpec[] {
  return tensors.filter(({ name }) => name.startsWith(`${network}.`));
}

/** Where a network's part of the flat gradient lies, in values. */
export function networkRange({ slices }: GradientLayout, network: NetworkName): { offset: number; length: number } {
  const own = ofNetwork(slices, network);
  return { offset: own[0]?.offset ?? 0, length: own.reduce((sum, { length }) => sum + length, 0) };
}

function networkShapes(config: RunConfig, network: NetworkName, sampleSize: number): readonly NamedShape[] {
  return resolveLayers(config, network, sampleSize).flatMap((layer) => parameterShapes(network, layer));
}

function placed(tensors: readonly NamedShape[], first = 0): readonly TensorSpec[] {
  let offset = first;
  return tensors.map(({ name, shape }) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const spec = { name, shape, offset, length };
    offset += length;
    return spec;
  });
}

function end(tensors: readonly TensorSpec[]): number {
  const last = tensors.at(-1);
  return last === undefined ? 0 : last.offset + last.length;
}
