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
  readonly compile?: 'auto' | 'off' | 'xla';
  /** The field `objective`, as YAML, instead of the networks' own. */
  readonly objective?: string;
  /** The field `evaluation`, as YAML. */
  readonly evaluation?: string;
  /** Alarms are on, and pictures are as many as are judged. */
  readonly watched?: boolean;
  /** Convolutions and batch normalisation (synchronised or not), or what knows classes and has a penalty, instead of dense layers. */
  readonly networks?: keyof typeof NETWORKS;
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

const IMAGES = () => `
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

const SYNCHRONISED = () => IMAGES().replaceAll('{ type: batch-norm,', '{ type: batch-norm, statistics: sync,');

const CLASSES = (hidden: number) => `
generator:
  layers:
    - { type: class-embedding, classes: 10, size: 8 }
    - { type: dense, units: ${hidden}, activation: leaky-relu }
    - { type: dense, units: 784, activation: sigmoid }
discriminator:
  layers:
    - { type: class-embedding, classes: 10, size: 8 }
    - { type: dense, units: ${hidden}, activation: leaky-relu }
    - { type: class-projection, classes: 10 }`;

/** What compares samples of a shard, and the singular vectors. 60 samples are 5 packs in each of 3 shards. */
const PACKS = (hidden: number) => `
generator:
  layers:
    - { type: dense, units: 392, activation: elu, spectralNorm: true }
    - { type: reshape, shape: [7, 7, 8] }
    - { type: upsample }
    - { type: conv-transpose, filters: 1, kernel: 4, stride: 2, padding: 1, activation: sigmoid }
discriminator:
  packing: 4
  layers:
    - { type: reshape, shape: [28, 28, 4] }
    - { type: pool, kind: average }
    - { type: maxout-conv, filters: 4, kernel: 5, stride: 2, pieces: 2, padding: 2 }
    - { type: pool, size: 3, stride: 2, padding: partial }
    - { type: minibatch-std, groupSize: 2 }
    - { type: dense, units: ${hidden}, spectralNorm: true, activation: leaky-relu }
    - { type: dense, units: 1, spectralNorm: true }`;

const PLAIN = '{ generator: non-saturating, discriminatorScale: 0.5 }';
const OBJECTIVES = {
  dense: PLAIN,
  images: PLAIN,
  synchronised: PLAIN,
  classes: '{ penalty: { r1: 1, r2: 0.5, interval: 2 } }',
  packs: '{ loss: hinge, penalty: { r1: 1, interval: 2 } }',
};
const NETWORKS = { dense: DENSE, images: IMAGES, synchronised: SYNCHRONISED, classes: CLASSES, packs: PACKS };

/**
 * 250 samples in batches of 60: the fifth minibatch of an epoch is a short tail of 10, which 3 or 4 shards cut unevenly.
 * Dropout and maxout in D, momentum and Adam, the moving average and the data's marginals are all on. Alarms are off: so small
 * a run is sick by what they look at.
 */
export function smallRun(run: SmallRun = {}): string {
  const { name = 'small', workers = 2, shards = 4, phases = 24, schedule = 'simultaneous' } = run;
  const { backend = 'any', hidden = 48, everyPhases = 8, road = 'auto', onNonFinite = 'stop' } = run;
  const { compression = 'wireFormat: fp32', compile = 'auto', networks = 'dense', watched = false } = run;
  const { objective = OBJECTIVES[networks], evaluation } = run;
  return `
name: ${name}
seed: 7
workers: ${workers}
shards: ${shards}
batchSize: 60
phases: ${phases}
data: { dataset: mnist, first: 100, count: 250, labels: ${networks === 'classes'} }
latent: { size: 16, distribution: uniform }
${NETWORKS[networks](hidden)}
objective: ${objective}
schedule: { type: ${schedule} }
optimizer:
  generator: { type: adam, learningRate: 0.002, beta1: 0.5 }
  discriminator: { type: sgd, learningRate: 0.05, decay: 1.0001, learningRateFloor: 0.001, momentum: { initial: 0.5, final: 0.7, saturateEpoch: 4 } }
ema: { halfLifeSamples: 500 }
checkpoints: { everyPhases: ${everyPhases}, keep: 3 }
snapshots: { everyPhases: ${everyPhases}, rows: ${watched ? 4 : 2}, columns: ${watched ? 5 : 3} }
reports: { everyPhases: 1, hashEveryPhases: 4 }
backend: { require: ${backend} }
compile: ${compile}
collective: { road: ${road}, ${compression} }
onNonFinite: ${onNonFinite}
alarms: ${watched ? '{}' : 'off'}
${evaluation ? `evaluation: ${evaluation}` : ''}
`;
}
