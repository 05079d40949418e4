/** A trained G as it is exported: its layers, and the tensors that they compute with. */
import { must } from '../errors/invariant.ts';
import { embeddingName, isTrained, parameterName, runningName, spectralName } from '../gan/layerTensors.ts';
import { replicaLayout } from '../gan/layout.ts';
import { hasSpectralNorm, type ResolvedLayer, resolveLayers, valuesIn } from '../gan/shapes.ts';
import { type LoadedState, loadState } from '../sampling/loadState.ts';

export interface Weights {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export type LayerTensor = 'weight' | 'bias' | 'embedding' | 'running_mean' | 'running_variance';

export interface ExportedGenerator extends LoadedState {
  /** What its weights are: their moving average, or as they were trained. */
  readonly weights: 'ema' | 'live';
  /** 0 where G is told no class. */
  readonly classes: number;
  readonly layers: readonly ResolvedLayer[];
  /** What a layer computes with; a spectrally normalised weight is divided by its norm already. */
  tensor(layer: ResolvedLayer, what: LayerTensor): Weights;
}

/** @param live G's trained weights, where the run has their moving average too. Throws what `loadState` throws. */
export async function loadGenerator(
  where: string,
  { live, phase }: { readonly live: boolean; readonly phase: number | undefined },
): Promise<ExportedGenerator> {
  const loaded = await loadState(where, phase);
  const { config, shape, state } = loaded;
  const weights = config.ema === undefined || live ? 'live' : 'ema';
  const specs = new Map(replicaLayout(config, valuesIn(shape)).map((spec) => [spec.name, spec]));
  const stored = (name: string): Weights => {
    const averaged = weights === 'ema' && isTrained(name);
    const spec = must(specs.get(averaged ? `${name}/ema` : name), name);
    return { shape: spec.shape, values: state.subarray(spec.offset, spec.offset + spec.length) };
  };
  return {
    ...loaded,
    weights,
    classes: classesOf(config),
    layers: resolveLayers(config, 'generator', valuesIn(shape)),
    tensor: (layer, what) => {
      const found = stored(tensorName(layer, what));
      if (what !== 'weight' || !hasSpectralNorm(layer.config)) return found;
      return normalised(found, stored(spectralName('generator', layer.index)).values);
    },
  };
}

function classesOf({ generator }: LoadedState['config']): number {
  const told = generator.layers.find((layer) => layer.type === 'class-embedding');
  return told?.classes ?? 0;
}

/** `generator.0.weight` */
export function tensorName({ index }: ResolvedLayer, what: LayerTensor): string {
  if (what === 'embedding') return embeddingName('generator', index);
  if (what === 'weight' || what === 'bias') return parameterName('generator', index, what);
  return runningName('generator', index, what === 'running_mean' ? 'mean' : 'variance');
}

/** W / ‖W·u‖ (see `gan/spectralNorm.ts`), on the host in float64. @param u [outputs]. */
function normalised({ shape, values }: Weights, u: Float32Array): Weights {
  let square = 0;
  for (let row = 0; row < values.length; row += u.length) {
    const product = u.reduce((sum, factor, column) => sum + factor * (values[row + column] as number), 0);
    square += product * product;
  }
  const sigma = Math.max(Math.sqrt(square), 1e-12);
  return { shape, values: values.map((value) => value / sigma) };
}
