/** Small runs that have every feature whose bits could depend on who computes them. */

export interface SmallRun {
  readonly name?: string;
  /** A number, or `{ min: 1, max: 3 }`. */
  readonly workers?: number | string;
  readonly road?: 'auto' | 'direct' | 'star';
  readonly onNonFinite?: 'stop' | 'skip-phase';
  readonly shards?: number;
  readonly phases?: number;
  readonly schedule?: 'simultaneous' | 'alternating';
  readonly backend?: 'tensorflow' | 'wasm' | 'cpu' | 'any';
  readonly hidden?: number;
  readonly everyPhases?: number;
  /** Further fields of `collective`, as YAML: `wireFormat: bf16`. */
  readonly compression?: string;
  readonly compile?: 'auto' | 'off';
  /** Convolutions and batch normalisation, instead of dense layers. */
  readonly images?: boolean;
}

const DENSE = (hidden: number) => `
generator:
  outputBias: marginals
  layers:
    - { type: dense, units: ${hidden}, activation: relu }
    - { type: dense, units: 784, activation: sigmoid }
discriminator:
  layers:
    - { type: dropout, keep: 0.8 }
    - { type: maxout, units: ${hidden}, pieces: 3 }
    - { type: dropout, keep: 0.5 }
    - { type: dense, units: 1 }`;

const IMAGES = `
generator:
  layers:
    - { type: dense, units: 392 }
    - { type: reshape, shape: [7, 7, 8] }
    - { type: batch-norm, activation: relu }
    - { type: conv-transpose, filters: 4, kernel: 4, stride: 2 }
    - { type: batch-norm, activation: relu }
    - { type: conv-transpose, filters: 1, kernel: 4, stride: 2, activation: sigmoid }
discriminator:
  layers:
    - { type: reshape, shape: [28, 28, 1] }
    - { type: conv, filters: 4, kernel: 4, stride: 2, activation: leaky-relu, initStd: 0.1 }
    - { type: conv, filters: 8, kernel: 4, stride: 2 }
    - { type: batch-norm, activation: leaky-relu }
    - { type: dropout, keep: 0.5 }
    - { type: dense, units: 1 }`;

/**
 * 250 samples in batches of 60: the fifth minibatch of an epoch is a short tail of 10, which 3 or 4 shards cut unevenly.
 * Dropout and maxout in D, momentum and Adam, the moving average and the data's marginals are all on.
 */
export function smallRun(run: SmallRun = {}): string {
  const { name = 'small', workers = 2, shards = 4, phases = 24, schedule = 'simultaneous' } = run;
  const { backend = 'any', hidden = 48, everyPhases = 8, road = 'auto', onNonFinite = 'stop' } = run;
  const { compression = 'wireFormat: fp32', compile = 'auto', images = false } = run;
  return `
name: ${name}
seed: 7
workers: ${workers}
shards: ${shards}
batchSize: 60
phases: ${phases}
data: { dataset: mnist, first: 100, count: 250 }
latent: { size: 16, distribution: uniform }
${images ? IMAGES : DENSE(hidden)}
objective: { generator: non-saturating, discriminatorScale: 0.5 }
schedule: { type: ${schedule} }
optimizer:
  generator: { type: adam, learningRate: 0.002, beta1: 0.5 }
  discriminator: { type: sgd, learningRate: 0.05, decay: 1.0001, learningRateFloor: 0.001, momentum: { initial: 0.5, final: 0.7, saturateEpoch: 4 } }
ema: { halfLifeSamples: 500 }
checkpoints: { everyPhases: ${everyPhases}, keep: 3 }
snapshots: { everyPhases: ${everyPhases}, rows: 2, columns: 3 }
reports: { everyPhases: 1, hashEveryPhases: 4 }
backend: { require: ${backend} }
compile: ${compile}
collective: { road: ${road}, ${compression} }
onNonFinite: ${onNonFinite}
`;
}
