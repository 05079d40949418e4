/**
 * Proves the all-reduce as a worker sees it: it fills the sum and counts the bytes; it ends at once, with the reason,
 * when the generation ends, whatever the road does; and nothing but the sum that it waits for gets into its buffer.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, CHUNK_VALUES, type ReduceChunk, type ReducedChunk } from '../../services/collective/chunk.ts';
import { type PartialSum, SoloCollective, StarCollective } from '../../services/collective/collective.ts';
import { StarReducer } from '../../services/collective/starReducer.ts';
import { ownedSubtrees, sumSubtree } from '../../services/collective/tree.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';

type Listener = { chunk(chunk: ReducedChunk): void; end(why: GanglionError | undefined): void };

/** A road of which the test decides when it takes a chunk and what comes back. */
class FakeRoad {
  readonly sent: ReduceChunk[] = [];
  cancelled = false;
  /** What `send` gives. */
  takes: () => Promise<void> = async () => undefined;
  readonly collective: StarCollective;
  #on: Listener | undefined;

  constructor() {
    this.collective = new StarCollective((on) => {
      this.#on = on;
      return {
        send: (chunk) => {
          this.sent.push(chunk);
          return this.takes();
        },
        cancel: () => {
          this.cancelled = true;
        },
      };
    });
  }

  brings(values: Float32Array, rest: Partial<ReducedChunk> = {}): void {
    this.#on?.chunk({ phase: 0, offset: 0, values: bytesOf(values, 0, values.length), ...rest });
  }

  ends(why?: GanglionError): void {
    this.#on?.end(why);
  }
}

const HALTED = new GanglionError({ code: 'aborted', message: 'Worker b was lost.', remedy: 'Wait.' });
const ROOT = { first: 0, count: 1 };

function part(...values: number[]): PartialSum[] {
  return [{ subtree: ROOT, values: Float32Array.from(values) }];
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the star', () => {
  it('sends every partial sum in chunks and fills the buffer with what comes back', async () => {
    const road = new FakeRoad();
    const length = CHUNK_VALUES + 3;
    const parts = [1, 2].map((first) => ({
      subtree: { first, count: 1 },
      values: new Float32Array(length).fill(first),
    }));
    const into = new Float32Array(length);
    const reduced = road.collective.reduce(7, parts, into);
    await turn();
    expect(road.sent.map(({ values, ...rest }) => ({ ...rest, bytes: values.length }))).toEqual([
      { phase: 7, firstShard: 1, shardCount: 1, offset: 0, length, bytes: CHUNK_VALUES * 4 },
      { phase: 7, firstShard: 2, shardCount: 1, offset: 0, length, bytes: CHUNK_VALUES * 4 },
      { phase: 7, firstShard: 1, shardCount: 1, offset: CHUNK_VALUES, length, bytes: 12 },
      { phase: 7, firstShard: 2, shardCount: 1, offset: CHUNK_VALUES, length, bytes: 12 },
    ]);
    road.brings(Float32Array.of(7, 8, 9), { phase: 7, offset: CHUNK_VALUES });
    road.brings(new Float32Array(CHUNK_VALUES).fill(5), { phase: 7 });
    // Two partial sums out, one sum in.
    expect(await reduced).toBe(3 * length * 4);
    expect([...into.subarray(0, 2), ...into.subarray(CHUNK_VALUES - 1)]).toEqual([5, 5, 5, 7, 8, 9]);
  });

  it('writes into a part of a shared buffer and nowhere else', async () => {
    const road = new FakeRoad();
    const buffer = new Float32Array(new SharedArrayBuffer(16)).fill(-1);
    const reduced = road.collective.reduce(0, part(1, 2), buffer.subarray(1, 3));
    road.brings(Float32Array.of(3, 4));
    await reduced;
    expect([...buffer]).toEqual([-1, 3, 4, -1]);
  });

  it('takes one reduce at a time, phase after phase', async () => {
    const road = new FakeRoad();
    const first = road.collective.reduce(0, part(1), new Float32Array(1));
    await expect(road.collective.reduce(1, part(1), new Float32Array(1))).rejects.toThrow('one reduce at a time');
    road.brings(Float32Array.of(1));
    await first;
    const second = road.collective.reduce(1, part(1), new Float32Array(1));
    road.brings(Float32Array.of(2), { phase: 1 });
    await second;
  });
});

describe('the end of the generation', () => {
  const ways: [string, (road: FakeRoad) => void, string][] = [
    ['by a halt', (road) => road.collective.abort(HALTED), 'Worker b was lost.'],
    ['by the coordinator, which cut the road', (road) => road.ends(), 'The coordinator ended the reduce stream.'],
    ['by a broken road', (road) => road.ends(HALTED), 'Worker b was lost.'],
  ];

  it.each(ways)('%s rejects a reduce that waits for the sum', async (_, end, message) => {
    const road = new FakeRoad();
    const reduced = road.collective.reduce(0, part(1), new Float32Array(1));
    await turn();
    end(road);
    await expect(reduced).rejects.toMatchObject({ code: 'aborted', message });
  });

  it.each(ways)(
    '%s rejects a reduce that is blocked in sending, though the road never takes the chunk',
    async (_, end, message) => {
      const road = new FakeRoad();
      road.takes = () => new Promise(() => undefined);
      const reduced = road.collective.reduce(0, part(1), new Float32Array(1));
      await turn();
      end(road);
      await expect(reduced).rejects.toMatchObject({ code: 'aborted', message });
    },
  );

  it.each(ways)('%s gives its reason where sending fails first, too', async (_, end, message) => {
    const road = new FakeRoad();
    let fail: (error: Error) => void = () => undefined;
    road.takes = () => new Promise((__, reject) => (fail = reject));
    const reduced = road.collective.reduce(0, part(1), new Float32Array(1));
    await turn();
    fail(new Error('the stream closed while it was written'));
    end(road);
    await expect(reduced).rejects.toMatchObject({ code: 'aborted', message });
  });

  it.each(ways)('%s is the end: no later reduce begins', async (_, end, message) => {
    const road = new FakeRoad();
    end(road);
    await expect(road.collective.reduce(0, part(1), new Float32Array(1))).rejects.toMatchObject({ message });
    expect(road.sent).toEqual([]);
  });

  it('cancels the road on a halt, and keeps the first reason', async () => {
    const road = new FakeRoad();
    road.collective.abort(HALTED);
    road.ends();
    expect(road.cancelled).toBe(true);
    await expect(road.collective.reduce(0, part(1), new Float32Array(1))).rejects.toBe(HALTED);
  });
});

describe('a chunk that nobody waits for', () => {
  const strangers: [string, (road: FakeRoad) => void][] = [
    ['of another phase', (road) => road.brings(Float32Array.of(9), { phase: 1 })],
    ['beyond the end', (road) => road.brings(Float32Array.of(9), { offset: 2 })],
    ['before the beginning', (road) => road.brings(Float32Array.of(9), { offset: -1 })],
    ['too long', (road) => road.brings(Float32Array.of(9, 9, 9))],
    ['of broken values', (road) => road.brings(Float32Array.of(9), { values: new Uint8Array(3) })],
    ['that came before', (road) => [0, 0].map(() => road.brings(Float32Array.of(1)))],
  ];

  it.each(strangers)('%s ends the generation as corrupt and is not written', async (_, bring) => {
    const road = new FakeRoad();
    const into = new Float32Array(2);
    const reduced = road.collective.reduce(0, part(1, 2), into);
    await turn();
    bring(road);
    await expect(reduced).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining('phase') });
    expect(road.cancelled).toBe(true);
    expect([...into]).not.toContain(9);
  });

  it('while nothing is reduced, too', async () => {
    const road = new FakeRoad();
    road.brings(Float32Array.of(1));
    await expect(road.collective.reduce(0, part(1), new Float32Array(1))).rejects.toMatchObject({
      code: 'corrupt',
      message: 'A chunk of phase 0 (4 bytes at value 0) came that does not fit: phase none is reduced.',
    });
  });
});

describe('a lone worker', () => {
  it('needs no road: its partial sum is the sum, and no bytes travel', async () => {
    const into = new Float32Array(2);
    expect(await new SoloCollective().reduce(0, part(1, -0), into)).toBe(0);
    expect(Object.is(into[1], -0)).toBe(true);
  });

  it('stops when the generation ends, and never adds half a tree', async () => {
    const solo = new SoloCollective();
    await expect(solo.reduce(0, [...part(1), ...part(2)], new Float32Array(1))).rejects.toThrow('owns the whole tree');
    solo.abort(HALTED);
    await expect(solo.reduce(0, part(1), new Float32Array(1))).rejects.toBe(HALTED);
  });
});

describe('workers and hub together', () => {
  it('give every worker the bits of one worker alone, for any partition', async () => {
    const cases = fc.integer({ min: 1, max: 12 }).chain((shardCount) =>
      fc.tuple(
        fc.array(fc.nat(3), { minLength: shardCount, maxLength: shardCount }),
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
          minLength: shardCount,
          maxLength: shardCount,
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(cases, fc.scheduler(), async ([dealt, values], scheduler) => {
        const gradient = (shard: number) => Float32Array.of(values[shard] ?? 0, 1 / 3);
        const alone = sumSubtree({ first: 0, count: dealt.length }, gradient);
        const members = [...new Set(dealt)].map((owner) => ({
          workerId: `w${owner}`,
          shards: dealt.flatMap((other, shard) => (other === owner ? [shard] : [])),
        }));
        const listeners: Listener[] = [];
        const hub = new StarReducer(dealt.length, members, (sum) => {
          for (const { chunk } of listeners) chunk(sum);
        });
        const sums = members.map(async ({ workerId, shards }) => {
          const collective = new StarCollective((on) => {
            listeners.push(on);
            const send = async (chunk: ReduceChunk) => {
              await scheduler.schedule(Promise.resolve());
              hub.accept(workerId, chunk);
            };
            return { send, cancel: () => undefined };
          });
          const parts = ownedSubtrees(dealt.length, shards).map((subtree) => ({
            subtree,
            values: sumSubtree(subtree, gradient),
          }));
          const into = new Float32Array(2);
          await collective.reduce(0, parts, into);
          return into;
        });
        for (const sum of await scheduler.waitFor(Promise.all(sums))) {
          expect(Buffer.compare(bytesOf(sum, 0, 2), bytesOf(alone, 0, 2))).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });
});
