/**
 * Memory that the SIMD kernels reach: one WebAssembly memory, shared between threads as a SharedArrayBuffer is, and carved
 * from front to back. It is given back as a whole, when nobody holds a view of it any more; or from a mark on, by rewinding.
 *
 * Whoever computes asks `kernelsOf` for the kernels of the views at hand, and uses a plain loop where there are none: so
 * nothing but speed depends on where a vector lies.
 */
import { invariant } from '../errors/invariant.ts';
import { KERNELS } from './kernels.ts';

/** What we use of the WebAssembly API: TypeScript knows it as a part of the browser only. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: SharedArrayBuffer;
    constructor(descriptor: { initial: number; maximum: number; shared: true });
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    readonly exports: unknown;
    constructor(module: Module, imports: { readonly arena: { readonly memory: Memory } });
  }
}

/** Values that the kernels take a turn. */
const TURN = 16;

/** How many of so many values the kernels do; what is left over is a plain loop's. */
export function wholeTurns(count: number): number {
  return count - (count % TURN);
}

/** See kernels.wat. Positions are bytes in the arena. */
export interface Kernels {
  add(left: number, right: number, into: number, count: number): void;
  round(values: number, count: number): void;
  addRounded(left: number, right: number, into: number, count: number): void;
  pack(values: number, into: number, count: number): void;
  unpack(packed: number, into: number, count: number): void;
  roundWithFeedback(gradient: number, residual: number, next: number, count: number): void;
  philox(
    k0: number,
    k1: number,
    c0: number,
    c1: number,
    c2: number,
    c3: number,
    into: number,
    blockCount: number,
  ): void;
}

const PAGE_BYTES = 65_536;
/** 4 GiB: what 32 bits address. */
const PAGES_MAX = 65_536;
/** A cache line. */
const ALIGNED_TO = 64;

const byBuffer = new WeakMap<ArrayBufferLike, Kernels>();

export class Arena {
  readonly #memory = new WebAssembly.Memory({ initial: 1, maximum: PAGES_MAX, shared: true });
  readonly #kernels: Kernels;
  #top = 0;

  constructor() {
    const module = new WebAssembly.Module(Buffer.from(KERNELS, 'base64'));
    const { exports } = new WebAssembly.Instance(module, { arena: { memory: this.#memory } });
    this.#kernels = exports as Kernels;
  }

  floats(count: number): Float32Array {
    const { buffer, byteOffset } = this.bytes(4 * count);
    return new Float32Array(buffer, byteOffset, count);
  }

  /** Where the next vector will lie. */
  get mark(): number {
    return this.#top;
  }

  /** Gives back what was carved since the mark: nobody may use it any more. */
  rewind(mark: number): void {
    this.#top = mark;
  }

  /** Zeros, where nothing was rewound. */
  bytes(count: number): Uint8Array {
    const begin = this.#top;
    this.#top = begin + Math.ceil(count / ALIGNED_TO) * ALIGNED_TO;
    const missing = this.#top - this.#memory.buffer.byteLength;
    invariant(this.#top <= PAGE_BYTES * PAGES_MAX, 'an arena has at most 4 GiB');
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE_BYTES));
    // A memory that has grown has a new buffer; views of the former one stay valid, and lie at the same positions.
    const { buffer } = this.#memory;
    byBuffer.set(buffer, this.#kernels);
    return new Uint8Array(buffer, begin, count);
  }
}

/** The kernels for vectors that lie in one arena; undefined where one does not. */
export function kernelsOf(first: ArrayBufferView, ...others: readonly ArrayBufferView[]): Kernels | undefined {
  const kernels = byBuffer.get(first.buffer);
  if (kernels === undefined) return undefined;
  for (const { buffer } of others) if (byBuffer.get(buffer) !== kernels) return undefined;
  return kernels;
}
