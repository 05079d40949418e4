/**
 * What is reproduced, and what stands beside it in the literature. Sources: Goodfellow et al. 2014 (table 1, figure 1);
 * VEEGAN, Srivastava et al. 2017 (table 1); PacGAN, Lin et al. 2018 (tables 1 and 3); R3GAN, Huang et al. 2024.
 */
import type { Metric } from '../evaluate/measures.ts';

export interface Arm {
  /** What differs from the experiment's other arms. */
  readonly label: string;
  readonly preset: string;
  /** `field=value`, as `--set` takes them. */
  readonly settings: readonly string[];
}

export interface Experiment {
  readonly name: string;
  readonly title: string;
  readonly arms: readonly Arm[];
  /** Every arm runs with seeds 0 … seeds − 1. */
  readonly seeds: number;
  readonly metrics: readonly Metric[];
  /** Every kept checkpoint is evaluated, not the last one alone. */
  readonly curve: boolean;
  readonly published: readonly string[];
}

/** The paper's non-saturating loss, and nothing that steadies D or G; networks, rates and schedule stay the preset's. */
const PLAIN = ['objective.loss=log', 'objective.penalty=null', 'ema=null'];

/** Where images are drawn in CIFAR-10's form if no other `data.path` is set; below the package's root. */
export const DRAWN_IMAGES = 'runs/drawn-images';

/** As many as show that losses and gradients move on two cores; the authors trained for 250 epochs. */
const CIFAR_PHASES = { 'cifar10-paper-fc': 300, 'cifar10-paper-conv': 150, 'cifar10-dcgan': 2000 } as const;

const MIXTURES = { seeds: 5, metrics: ['modes'], curve: false } as const;

export const EXPERIMENTS: readonly Experiment[] = [
  {
    name: 'figure1',
    title: 'Figure 1: a Gaussian on the line',
    arms: [{ label: 'figure1', preset: 'figure1', settings: [] }],
    seeds: 1,
    metrics: [],
    curve: false,
    published: ['Theorem 1: p_g = p_data, V = −log 4. Proposition 1: D = ½.'],
  },
  {
    name: 'mnist-paper',
    title: 'MNIST by the authors’ own hyper-parameters',
    arms: [{ label: 'mnist-paper', preset: 'mnist-paper', settings: ['checkpoints.keep=1000'] }],
    seeds: 1,
    metrics: ['parzen'],
    curve: true,
    published: ['Adversarial nets, Parzen log-likelihood: 225 ± 2 (table 1). Deep GSN 214 ± 1.1, DBN 138 ± 2.'],
  },
  {
    name: 'mnist-modern',
    title: 'MNIST, the same kind of networks as they are trained today',
    arms: [{ label: 'mnist-modern', preset: 'mnist-modern', settings: [] }],
    seeds: 1,
    metrics: ['parzen'],
    curve: true,
    published: ['Adversarial nets, Parzen log-likelihood: 225 ± 2 (table 1). Training digits themselves: 241.2 ± 2.1.'],
  },
  {
    name: 'ring8',
    title: 'Eight Gaussians on a ring',
    arms: [
      { label: 'ring8', preset: 'ring8', settings: [] },
      { label: 'plain GAN', preset: 'ring8', settings: PLAIN },
    ],
    ...MIXTURES,
    published: [
      'GAN: 1 mode, 99.3 % (VEEGAN) or 6.3 modes, 98.2 % (PacGAN). VEEGAN: 8 modes, 52.9 %. PacGAN4: 7.8 modes, 95.9 %.',
      'The data themselves: 8 modes, 98.9 %.',
    ],
  },
  {
    name: 'grid25',
    title: 'Twenty-five Gaussians on a grid',
    arms: [
      { label: 'grid25', preset: 'grid25', settings: [] },
      { label: 'plain GAN', preset: 'grid25', settings: PLAIN },
    ],
    ...MIXTURES,
    published: [
      'GAN: 3.3 modes, 0.5 % (VEEGAN) or 17.3 modes, 94.8 % (PacGAN). VEEGAN: 24.6 modes, 40 %. PacGAN4: 24.8 modes, 93.6 %.',
      'The data themselves: 25 modes, 98.9 %.',
    ],
  },
  {
    name: 'stacked-mnist',
    title: 'Stacked MNIST: a thousand modes',
    arms: [{ label: 'stacked-mnist-r3gan', preset: 'stacked-mnist-r3gan', settings: [] }],
    seeds: 1,
    metrics: ['modes'],
    curve: false,
    published: [
      'DCGAN: 99 modes, KL 3.40. PacDCGAN2: 1000, .06. R3GAN: 1000, .029 (all trained for far longer than here).',
    ],
  },
  ...(['mnist-dcgan', 'conditional-mnist'] as const).map((name) => ({
    name,
    title: `${name}: digits after a short run`,
    arms: [{ label: name, preset: name, settings: [] }],
    seeds: 1,
    metrics: ['parzen', 'frechet'] as const,
    curve: false,
    published: ['Nothing to hold it against: it shows that the preset trains.'],
  })),
  ...(['cifar10-paper-fc', 'cifar10-paper-conv', 'cifar10-dcgan'] as const).map((name) => ({
    name,
    title: `${name}: a short run on drawn images`,
    arms: [
      {
        label: name,
        preset: name,
        settings: [
          'epochs=null',
          `phases=${CIFAR_PHASES[name]}`,
          'snapshots.everyPhases=50',
          `data.path=${DRAWN_IMAGES}`,
        ],
      },
    ],
    seeds: 1,
    metrics: ['prdc'] as const,
    curve: false,
    published: [
      'Nothing to hold it against: shapes drawn in the form of CIFAR-10 show that the preset trains. `--set data.path=FOLDER --set phases=null --set epochs=250` takes the real images.',
    ],
  })),
];
