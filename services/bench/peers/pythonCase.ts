/** A run config as the peers' Python scripts read it: they build their layers and optimizers from it. */
import type { LayerConfig, NetworkName, RunConfig } from '../../config/runConfig.ts';
import { invariant } from '../../errors/invariant.ts';
import { gradientLayout } from '../../gan/layout.ts';
import { resolveLayers, type Shape } from '../../gan/shapes.ts';
import { SAMPLE_SIZE } from '../networks.ts';

type PythonLayer = LayerConfig & {
  /** Of one sample: [values] or [height, width, channels]. */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Weight, then bias, as our gradient has them. A network of another number of values is refused by the script. */
  readonly parameterShapes: readonly Shape[];
};

export type PythonCase = Pick<RunConfig, 'batchSize' | 'optimizer'> & {
  readonly [Network in NetworkName]: readonly PythonLayer[];
} & {
  /** Inside one op. */
  readonly threads: number;
  /** γ of ½γ·‖∇D(x)‖², the mean over the reals; 0 without the penalty. */
  readonly r1: number;
};

/** @param config alternates, trains on samples of `SAMPLE_SIZE`, and draws its latents uniformly. */
export function pythonCase(config: RunConfig): PythonCase {
  const { batchSize, optimizer, backend, objective } = config;
  const r1 = objective.penalty?.r1 ?? 0;
  invariant(typeof r1 === 'number', 'a penalty without a schedule');
  const [generator, discriminator] = [layersOf(config, 'generator'), layersOf(config, 'discriminator')];
  return { batchSize, optimizer, generator, discriminator, threads: backend.intraOpThreads, r1 };
}

function layersOf(config: RunConfig, network: NetworkName): PythonLayer[] {
  const { slices } = gradientLayout(config, SAMPLE_SIZE, [network]);
  return resolveLayers(config, network, SAMPLE_SIZE).map(({ config: own, index, inputShape, outputShape }) => {
    const parameters = slices.filter(({ name }) => name.startsWith(`${network}.${index}.`));
    return { ...own, inputShape, outputShape, parameterShapes: parameters.map(({ shape }) => shape) };
  });
}
