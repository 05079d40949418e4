/**
 * PowerSGD with error feedback (Vogels et al. 2019, algorithms 1 and 2): two small all-reduces instead of a large one.
 *
 *     Δ = gradient + residual            per shard
 *     P = Σ Δ·Q, made orthonormal        first round, with all that is not factored
 *     Q′ = Σ Δᵀ·P                        second round; Q of the next phase
 *     sum = P·Q′ᵀ, residual′ = Δ − P·(Δᵀ·P)ᵀ
 *
 * Sums over shards in tree order, where the paper has means over workers: the same up to a factor that P does not feel.
 */
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import {
  factorName,
  type GradientLayout,
  gradientLayout,
  isFactored,
  networkRange,
  type TensorSpec,
} from '../gan/layout.ts';
import { fillNormal } from '../random/normal.ts';
import type { CompressionState } from './compressionState.ts';
import type { CompressedSum, Gradients, Round } from './gradientExchange.ts';
import { expand, multiply, multiplyTransposed, orthonormalize, revive } from './powerSgd.ts';

/** A tensor of the gradient, and where it travels. */
interface Factored extends TensorSpec {
  readonly rows: number;
  readonly columns: number;
  /** Of P in the first round, of Q in the second. */
  readonly pOffset: number;
  readonly qOffset: number;
}

/** A run of values that travels as it is, in the first round. */
interface Plain {
  readonly offset: number;
  readonly length: number;
  readonly at: number;
}

interface Places {
  readonly factored: readonly Factored[];
  readonly plain: readonly Plain[];
  readonly firstLength: number;
  readonly secondLength: number;
}

export class PowerSgdSum implements CompressedSum {
  readonly rounds = 2;
  readonly #config: RunConfig;
  readonly #sampleSize: number;
  readonly #rank: number;
  readonly #state: CompressionState;
  readonly #places = new Map<string, Places>();

  constructor(options: { config: RunConfig; sampleSize: number; state: CompressionState }) {
    this.#config = options.config;
    this.#sampleSize = options.sampleSize;
    this.#rank = options.config.collective.rank;
    this.#state = options.state;
  }

  plainLengths({ layout }: Gradients): readonly number[] {
    return [layout.length];
  }

  async sum({ updates, layout, flats, computed }: Gradients, sum: Float32Array, round: Round): Promise<void> {
    const { factored, plain, firstLength, secondLength } = this.#placesOf(updates, layout);
    const rank = this.#rank;
    const firstSum = new Float32Array(firstLength);
    await round((shard) => {
      const values = new Float32Array(firstLength);
      const ready = Promise.all(updates.map((network) => computed(shard, network))).then(() => {
        const flat = must(flats.get(shard), 'gradient');
        this.#addResiduals(updates, layout, shard, flat);
        for (const { offset, length, at } of plain) values.set(flat.subarray(offset, offset + length), at);
        for (const tensor of factored) {
          const q = this.#state.tensor(factorName(tensor.name)).kept;
          multiply(matrixOf(flat, tensor), q, rank, pOf(values, tensor, rank));
        }
      });
      return { values, ready };
    }, firstSum);

    for (const { offset, length, at } of plain) sum.set(firstSum.subarray(at, at + length), offset);
    if (factored.length === 0) return;
    for (const tensor of factored) orthonormalize(pOf(firstSum, tensor, rank), rank);

    const second = new Map([...flats.keys()].map((shard) => [shard, new Float32Array(secondLength)]));
    for (const [shard, flat] of flats) {
      const out = must(second.get(shard), 'second vector');
      for (const tensor of factored) {
        const [p, q] = [pOf(firstSum, tensor, rank), qOf(out, tensor, rank)];
        multiplyTransposed(matrixOf(flat, tensor), p, rank, q);
        this.#keepRest(tensor, layout, shard, flat, p, q, sum);
      }
    }
    const secondSum = new Float32Array(secondLength);
    const stands = Promise.resolve();
    await round((shard) => ({ values: must(second.get(shard), 'second vector'), ready: stands }), secondSum);

    for (const tensor of factored) {
      const [p, q] = [pOf(firstSum, tensor, rank), qOf(secondSum, tensor, rank)];
      expand(p, q, rank, matrixOf(sum, tensor));
      const { next } = this.#state.tensor(factorName(tensor.name));
      next.set(q);
      revive(next, rank, () => this.#freshFactor(tensor));
    }
  }

  written(updates: readonly NetworkName[]): readonly string[] {
    const { slices } = gradientLayout(this.#config, this.#sampleSize, updates);
    return slices.filter(({ shape }) => isFactored(shape, this.#rank)).map(({ name }) => factorName(name));
  }

  #addResiduals(updates: readonly NetworkName[], layout: GradientLayout, shard: number, flat: Float32Array): void {
    for (const network of updates) {
      const kept = this.#state.residual(network, shard)?.kept;
      const { offset: start } = networkRange(layout, network);
      for (let i = 0; i < (kept?.length ?? 0); i++) {
        flat[start + i] = (flat[start + i] as number) + (kept?.[i] as number);
      }
    }
  }

  /** residual′ = Δ − P·Qᵀ of the shard's own Q; 0 where that is no finite number. `room` is where a matrix fits. */
  #keepRest(
    tensor: Factored,
    layout: GradientLayout,
    shard: number,
    flat: Float32Array,
    p: Float32Array,
    q: Float32Array,
    room: Float32Array,
  ): void {
    const network = tensor.name.startsWith('generator.') ? 'generator' : 'discriminator';
    const next = this.#state.residual(network, shard)?.next;
    if (!next) return;
    const sent = matrixOf(room, tensor);
    expand(p, q, this.#rank, sent);
    const delta = matrixOf(flat, tensor);
    const at = tensor.offset - networkRange(layout, network).offset;
    for (let i = 0; i < delta.length; i++) {
      const left = (delta[i] as number) - (sent[i] as number);
      next[at + i] = left - left === 0 ? left + 0 : 0;
    }
  }

  /** The same for every tensor of so many columns: layer 1 of the stream, whose layer 0 the first factors are drawn from. */
  #freshFactor(tensor: Factored): Float32Array {
    const out = new Float32Array(tensor.columns * this.#rank);
    const address = { seed: this.#config.seed, stream: 'powerSgd', phase: 0, layer: 1 } as const;
    fillNormal(address, { first: 0, count: tensor.columns, width: this.#rank }, out);
    return out;
  }

  #placesOf(updates: readonly NetworkName[], layout: GradientLayout): Places {
    const key = updates.join();
    const places = this.#places.get(key) ?? placesIn(layout, this.#rank);
    this.#places.set(key, places);
    return places;
  }
}

function placesIn(layout: GradientLayout, rank: number): Places {
  const factored: Factored[] = [];
  const plain: Plain[] = [];
  let [at, qOffset] = [0, 0];
  for (const tensor of layout.slices) {
    const [rows = 0, columns = 0] = tensor.shape;
    if (isFactored(tensor.shape, rank)) {
      factored.push({ ...tensor, rows, columns, pOffset: at, qOffset });
      at += rows * rank;
      qOffset += columns * rank;
    } else {
      plain.push({ offset: tensor.offset, length: tensor.length, at });
      at += tensor.length;
    }
  }
  const tail = layout.length - layout.statisticsOffset;
  plain.push({ offset: layout.statisticsOffset, length: tail, at });
  return { factored, plain, firstLength: at + tail, secondLength: qOffset };
}

function matrixOf(flat: Float32Array, { offset, length }: TensorSpec): Float32Array {
  return flat.subarray(offset, offset + length);
}

function pOf(first: Float32Array, { pOffset, rows }: Factored, rank: number): Float32Array {
  return first.subarray(pOffset, pOffset + rows * rank);
}

function qOf(second: Float32Array, { qOffset, columns }: Factored, rank: number): Float32Array {
  return second.subarray(qOffset, qOffset + columns * rank);
}
