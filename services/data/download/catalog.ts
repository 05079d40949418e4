/**
 * Where the public data sets come from. Each file is pinned by its size and SHA-256, so that it does not matter who hands it
 * over: the hashes are those that several independent projects pin, and their MD5 are the ones on the authors' pages.
 */
import { nearestName } from '../../config/nearest.ts';
import { GanglionError } from '../../errors/ganglionError.ts';

export interface RemoteFile {
  readonly name: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** Tried in their order. */
  readonly urls: readonly string[];
  /** Of a .tar.gz: what is taken out of it. */
  readonly archive?: { readonly folder: string; readonly members: readonly Member[] };
}

export interface Member {
  readonly name: string;
  readonly bytes: number;
}

export const DATASET_NAMES = ['mnist', 'fashion-mnist', 'cifar10', 'cifar100'] as const;
type RemoteDataset = (typeof DATASET_NAMES)[number];

/** Yann LeCun's page no longer serves the files; these two carry them unchanged. */
const MNIST_MIRRORS = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
];
const FASHION_MIRRORS = [
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
];
const CIFAR_MIRRORS = ['https://www.cs.toronto.edu/~kriz/'];

const CIFAR10_RECORD_BYTES = 3073;
const CIFAR100_RECORD_BYTES = 3074;

/** Throws `invalid-argument` for an unknown name. @param mirror a place with the same files, instead of the official ones */
export function remoteFiles(dataset: string, mirror?: string): readonly RemoteFile[] {
  const name = DATASET_NAMES.find((one) => one === dataset);
  if (name === undefined) throw unknown(dataset);
  const { mirrors, files } = CATALOG[name];
  const places = mirror === undefined ? mirrors : [mirror.endsWith('/') ? mirror : `${mirror}/`];
  return files.map((file) => ({ ...file, urls: places.map((place) => `${place}${file.name}`) }));
}

function unknown(dataset: string): GanglionError {
  const hint = nearestName(dataset, DATASET_NAMES);
  const all = `Choose one of ${DATASET_NAMES.join(', ')}.`;
  return new GanglionError({
    code: 'invalid-argument',
    message: `There is no data set '${dataset}' to download.`,
    remedy: hint ? `Did you mean '${hint}'? ${all}` : all,
  });
}

const CATALOG: Record<
  RemoteDataset,
  { readonly mirrors: readonly string[]; readonly files: readonly Omit<RemoteFile, 'urls'>[] }
> = {
  mnist: {
    mirrors: MNIST_MIRRORS,
    files: [
      {
        name: 'train-images-idx3-ubyte.gz',
        bytes: 9_912_422,
        sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
      },
      {
        name: 'train-labels-idx1-ubyte.gz',
        bytes: 28_881,
        sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
      },
      {
        name: 't10k-images-idx3-ubyte.gz',
        bytes: 1_648_877,
        sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
      },
      {
        name: 't10k-labels-idx1-ubyte.gz',
        bytes: 4_542,
        sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
      },
    ],
  },
  'fashion-mnist': {
    mirrors: FASHION_MIRRORS,
    files: [
      {
        name: 'train-images-idx3-ubyte.gz',
        bytes: 26_421_880,
        sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
      },
      {
        name: 'train-labels-idx1-ubyte.gz',
        bytes: 29_515,
        sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
      },
      {
        name: 't10k-images-idx3-ubyte.gz',
        bytes: 4_422_102,
        sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
      },
      {
        name: 't10k-labels-idx1-ubyte.gz',
        bytes: 5_148,
        sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
      },
    ],
  },
  cifar10: {
    mirrors: CIFAR_MIRRORS,
    files: [
      {
        name: 'cifar-10-binary.tar.gz',
        bytes: 170_052_171,
        sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
        archive: {
          folder: 'cifar-10-batches-bin',
          members: [1, 2, 3, 4, 5]
            .map((batch) => `data_batch_${batch}.bin`)
            .concat('test_batch.bin')
            .map((name) => ({ name, bytes: 10_000 * CIFAR10_RECORD_BYTES })),
        },
      },
    ],
  },
  cifar100: {
    mirrors: CIFAR_MIRRORS,
    files: [
      {
        name: 'cifar-100-binary.tar.gz',
        bytes: 168_513_733,
        sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
        archive: {
          folder: 'cifar-100-binary',
          members: [
            { name: 'train.bin', bytes: 50_000 * CIFAR100_RECORD_BYTES },
            { name: 'test.bin', bytes: 10_000 * CIFAR100_RECORD_BYTES },
          ],
        },
      },
    ],
  },
};
