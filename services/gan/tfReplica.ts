/** The replica on tfjs, whatever the backend. See `replica.ts` for what it promises. */
import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { type CompileListeners, type Compiler, createCompiler, eagerCompiler } from '../compile/compiler.ts';
import { canHonour, compileObstacle } from '../compile/obstacle.ts';
import type { Inputs } from '../compile/tracer.ts';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { decodeRows, rowFormat } from '../data/rowFormat.ts';
import { invariant, must } from '../errors/invariant.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import { type SampleRange, shardRange } from '../plan/shards.ts';
import type { Device } from '../report/runView.ts';
import { createKernels } from './createKernels.ts';
import { allFinite, firstNonFinite } from './finite.ts';
import { euclideanNorm } from './gradientNorm.ts';
import type { Tf } from './kernels.ts';
import { classesOf, oneHot } from './labels.ts';
import { isTrained } from './layerTensors.ts';
import { type GradientLayout, gradientLayout, ofNetwork } from './layout.ts';
import { createNetwork, outputOf } from './network.ts';
import { latents } from './noise.ts';
import { normalise, toBytes } from './normalisation.ts';
import { statisticSums } from './objective.ts';
import { createNetworkUpdate } from './optimizers.ts';
import { packedNetwork } from './packing.ts';
import { PausedPasses, pausablePass } from './pausablePass.ts';
import type { Reals } from './phaseInputs.ts';
import type { Applied, Replica, ShardBatch } from './replica.ts';
import { createReplicaState } from './replicaState.ts';
import { type MomentSums, moveRunningStatistics } from './runningStatistics.ts';
import { resolveLayers } from './shapes.ts';
import { createShardStages } from './shardStages.ts';
import { movePowerIteration } from './spectralNorm.ts';
import { STAGES, waitsForShards } from './stages.ts';
import { type Synchronised, unpaused } from './synchronised.ts';
import { validateNetworks } from './validateNetworks.ts';

export interface ReplicaOptions extends Partial<CompileListeners> {
  readonly config: RunConfig;
  /** Values in one sample. */
  readonly sampleSize: number;
  /** tfjs with the backend of `kind` chosen and ready. */
  readonly tf: Tf;
  readonly kind: Device['backend'];
}

type Norms = Partial<Record<NetworkName, number>>;

/** A replica whose state is all zeros until `load`. Throws a GanglionError where the networks do not fit the samples. */
export function createReplica(options: ReplicaOptions): Replica {
  const { config, sampleSize, tf, kind, fellBack = () => {}, byXla = () => {} } = options;
  validateNetworks(config, sampleSize);
  const format = rowFormat(config.data, sampleSize);
  const classes = classesOf(config);
  const kernels = createKernels(tf, kind);
  const state = createReplicaState(tf, kernels, config, sampleSize);
  const parameters = {
    generator: state.parameters('generator'),
    discriminator: state.parameters('discriminator'),
  };
  const updateNetwork = {
    generator: createNetworkUpdate(tf, kernels, config, 'generator'),
    discriminator: createNetworkUpdate(tf, kernels, config, 'discriminator'),
  };
  const layers = {
    generator: resolveLayers(config, 'generator', sampleSize),
    discriminator: resolveLayers(config, 'discriminator', sampleSize),
  };
  const { packing } = config.discriminator;
  const network = (name: NetworkName, suffix: string) =>
    createNetwork(tf, kernels, name, layers[name], (tensor) =>
      state.variable(isTrained(tensor) ? `${tensor}${suffix}` : tensor),
    );
  const generator = network('generator', '');
  const painter = config.ema === undefined ? generator : network('generator', '/ema');
  const game = {
    tf,
    kernels,
    config,
    layers,
    generator,
    discriminator: packedNetwork(tf, network('discriminator', ''), packing),
  };
  invariant(
    canHonour(kind, config.compile),
    `a worker on ${kind} takes no part in a run with compile: ${config.compile}`,
  );
  const isCompiled = compileObstacle(kind, config.compile) === undefined;
  const compiler: Compiler = isCompiled
    ? createCompiler(tf.backend(), config.compile === 'xla', { fellBack, byXla })
    : eagerCompiler;
  for (const stage of STAGES) {
    if (isCompiled && waitsForShards(config, stage)) fellBack(stage, 'its batch norm waits for the other shards');
  }

  const stages = createShardStages(game, compiler);
  const passes = new PausedPasses();

  function compute(batch: ShardBatch, range: SampleRange, network: NetworkName) {
    // One upload of the samples: the first stage that needs them keeps them for the next.
    const reals = network === batch.plan.updates[0] ? realSamples(batch, range) : undefined;
    return stages.run({ ...batch, range }, network, reals);
  }

  function realSamples({ plan, samples }: ShardBatch, { count }: SampleRange): Reals | undefined {
    if (plan.minibatch === undefined) return undefined;
    const rows = must(samples, "the shard's samples");
    invariant(rows.length === count * format.rowBytes, `${rows.length} bytes for ${count} rows of ${format.rowBytes}`);
    const { values, labels } = decodeRows(format, rows);
    return {
      values: normalise(tf, tf.tensor2d(values, [count, sampleSize]), config.data.normalize),
      labels: labels && oneHot(tf, labels, classes),
    };
  }

  /** The sum of each tensor's values. */
  function totals({ updates }: PhasePlan, sums: readonly Tensor[]): Float32Array {
    const [stacked] = compiler.call(`totals of ${updates.join(' and ')}`, numbered(sums), (given) => [
      tf.stack(inOrder(given, sums.length).map((tensor) => tf.sum(tensor))),
    ]);
    return must(stacked, 'totals').dataSync<'float32'>();
  }

  function updateParameters(name: NetworkName, plan: PhasePlan, sums: readonly Tensor[], norm: number | undefined) {
    const { numbers, apply } = updateNetwork[name];
    const scalars = Object.fromEntries(
      Object.entries(numbers(plan, norm)).map(([number, value]) => [number, tf.scalar(value)]),
    );
    compiler.call(`update of ${name}`, { ...numbered(sums), ...scalars }, (given) => {
      apply(parameters[name], inOrder(given, sums.length), given as typeof scalars);
      return [];
    });
  }

  /** Norms of the mean gradients first, because the update may reuse the gradients' memory. */
  function update(plan: PhasePlan, sums: readonly Tensor[], moments: MomentSums, wantNorms: boolean): Applied {
    const layout = gradientLayout(config, sampleSize, plan.updates);
    const bad = firstNonFinite(sums, totals(plan, sums));
    // A variance may overflow where no gradient does: it would be divided by ever after.
    const spec =
      bad === undefined
        ? layout.moments.find(({ name }) => !allFinite(moments(name)))
        : must(layout.slices[bad], 'tensor');
    if (spec !== undefined) return { norms: {}, nonFinite: spec.name };
    const norms: Norms = {};
    let first = 0;
    for (const name of plan.updates) {
      const own = sums.slice(first, first + parameters[name].length);
      first += own.length;
      const isClipped = config.optimizer[name].clipNorm !== undefined;
      const norm = wantNorms || isClipped ? euclideanNorm(tf, own) / plan.sampleCount : undefined;
      if (wantNorms && norm !== undefined) norms[name] = norm;
      updateParameters(name, plan, own, norm);
      movePowerIteration({ tf, kernels }, name, layers[name], state.variable);
    }
    moveRunningStatistics({ tf, kernels }, layers, state.variable, plan, layout, moments);
    return { norms, nonFinite: undefined };
  }

  function statistics(plan: PhasePlan, logits: Tensor2D, penalty: Tensor | undefined): Float32Array {
    const paid = (penalty?.dataSync<'float32'>()[0] ?? 0) / packing;
    const sums = statisticSums(config.objective, plan, logits.dataSync<'float32'>(), paid);
    // Each sample of a pack counts for it: they are divided by samples.
    return sums.map((sum) => sum * packing);
  }

  /** By name: what a shard's statistics add to the sums over all samples. */
  function momentSums(
    network: NetworkName,
    { moments: specs }: GradientLayout,
    moments: readonly Tensor[],
    { count }: SampleRange,
  ): Map<string, Float32Array> {
    const own = ofNetwork(specs, network);
    return new Map(
      own.map(({ name, length }, index) => {
        const sums = new Float32Array(length);
        kernels.read(must(moments[index], name), sums);
        return [name, sums.map((value) => value * count)];
      }),
    );
  }

  function gradientOf(
    batch: ShardBatch,
    network: NetworkName,
    flat: Float32Array,
    sums?: Float32Array,
  ): Float32Array | undefined {
    const { plan, shard } = batch;
    if (sums !== undefined) return passes.resume(shard, sums);
    const range = shardRange(plan.sampleCount, config.shards, shard);
    return passes.begin(shard, pausablePass(game, fill(batch, range, network, flat), range.count, plan.sampleCount));
  }

  function* fill(batch: ShardBatch, range: SampleRange, network: NetworkName, flat: Float32Array): Synchronised<void> {
    const { plan } = batch;
    const layout = gradientLayout(config, sampleSize, plan.updates);
    invariant(flat.length === layout.length, `a gradient of ${flat.length} values for ${layout.length}`);
    const own = ofNetwork(layout.slices, network);
    if (network === plan.updates[0]) flat.fill(0, layout.statisticsOffset);
    if (range.count === 0) {
      for (const { offset, length } of own) flat.fill(0, offset, offset + length);
      return;
    }
    const { gradients, moments, logits, penalty } = yield* compute(batch, range, network);
    for (const [index, { name, offset, length }] of own.entries()) {
      kernels.read(must(gradients[index], name), flat.subarray(offset, offset + length));
    }
    const sums = momentSums(network, layout, moments, range);
    for (const { name, offset } of layout.moments) if (sums.has(name)) flat.set(must(sums.get(name), name), offset);
    if (logits) flat.set(statistics(plan, logits, penalty), layout.statisticsOffset);
  }

  return {
    prepare: ({ plan, shard }) => {
      const range = shardRange(plan.sampleCount, config.shards, shard);
      if (range.count > 0) stages.prepare({ plan, shard, range });
    },
    gradientOf,
    gradient: (batch, flat) => {
      for (const network of batch.plan.updates) {
        invariant(gradientOf(batch, network, flat) === undefined, 'gradients of a shard by itself');
      }
    },
    apply: (plan, sum, wantNorms) => {
      const layout = gradientLayout(config, sampleSize, plan.updates);
      invariant(sum.length === layout.length, `a gradient of ${sum.length} values for ${layout.length}`);
      passes.drop();
      return tf.tidy(() => {
        const sums = layout.slices.map(({ offset, length, shape }) =>
          tf.tensor(sum.subarray(offset, offset + length), [...shape]),
        );
        const moments = (name: string) => {
          const { offset, length } = must(
            layout.moments.find((spec) => spec.name === name),
            name,
          );
          return sum.subarray(offset, offset + length);
        };
        return update(plan, sums, moments, wantNorms);
      });
    },
    step: (batch, wantStatistics) => {
      invariant(config.shards === 1, `step is for one shard, not ${config.shards}`);
      const range = { first: 0, count: batch.plan.sampleCount };
      return tf.tidy(() => {
        const results = batch.plan.updates.map((network) => unpaused(compute(batch, range, network)));
        // From the first stage that runs D.
        const { logits, penalty } = must(
          results.find((result) => result.logits),
          'logits',
        );
        const layout = gradientLayout(config, sampleSize, batch.plan.updates);
        const moments = new Map(
          batch.plan.updates.flatMap((network, index) => [
            ...momentSums(network, layout, must(results[index], network).moments, range),
          ]),
        );
        const gradients = results.flatMap((result) => result.gradients);
        const seen = wantStatistics ? statistics(batch.plan, must(logits, 'logits'), penalty) : undefined;
        const applied = update(batch.plan, gradients, (name) => must(moments.get(name), name), wantStatistics);
        return { statistics: seen, ...applied };
      });
    },
    load: (values) => {
      passes.drop();
      stages.clear();
      state.load(values);
    },
    save: state.save,
    weightsSha256: state.weightsSha256,
    averageGap: () => {
      const pairs = parameters.generator.flatMap(({ weight, average }) => (average ? [{ weight, average }] : []));
      const norm = (of: (pair: (typeof pairs)[number]) => Tensor) => euclideanNorm(tf, pairs.map(of));
      if (pairs.length === 0) return undefined;
      return tf.tidy(() => {
        const length = norm(({ weight }) => weight.read());
        return length === 0 ? undefined : norm(({ weight, average }) => tf.sub(average.read(), weight.read())) / length;
      });
    },
    sample: (count) => {
      const z = latents(config, 'fixedLatent', 0, { first: 0, count });
      let samples: Uint8Array | undefined;
      // Not returned through the tidy, which would look for tensors in every byte.
      tf.tidy(() => {
        // Class by class, so that a grid with as many columns has one in each.
        const labels = Uint16Array.from({ length: count }, (_, index) => index % classes);
        const given = classes === 0 ? undefined : oneHot(tf, labels, classes);
        const traces = unpaused(painter.forward(tf.tensor2d(z, [count, config.latent.size]), undefined, given));
        const values = outputOf(traces).dataSync<'float32'>();
        samples = format.type === 'uint8' ? toBytes(values, sampleSize, config.data.normalize) : bytesOf(values);
      });
      return must(samples, 'the samples');
    },
    tensorCount: () => tf.memory().numTensors,
    compileCounts: () => compiler.counts,
    dispose: () => {
      passes.drop();
      stages.clear();
      compiler.dispose();
      state.dispose();
    },
  };
}

/** Tensors as a computation's inputs. */
function numbered(tensors: readonly Tensor[]): Inputs {
  return Object.fromEntries(tensors.map((tensor, index) => [`tensor ${index}`, tensor]));
}

function inOrder(given: Inputs, count: number): Tensor[] {
  return Array.from({ length: count }, (_, index) => must(given[`tensor ${index}`], 'tensor'));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}
