/**
 * Proves that bulk bytes arrive whole over real gRPC: no more minibatches than there was credit for, states of several
 * megabytes both ways; and that whoever is refused or left alone in the midst of it learns why.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { staleGeneration } from '../../services/coordinator/star.ts';
import { receiveState } from '../../services/coordinator/stateTransfer.ts';
import type { GanglionError } from '../../services/errors/ganglionError.ts';
import { type CoordinatorLink, dialCoordinator } from '../../services/wire/coordinatorLink.ts';
import { collect } from '../telemetry/events.ts';
import { cableTo } from './cable.ts';
import { listen, until } from './listen.ts';

const HEAD = { runId: 'r', generation: 2, workerId: 'w1' };
const CHUNK_BYTES = 1024 * 1024;
const never = new AbortController().signal;

/** Bytes that differ from place to place. */
function someBytes(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (i * 31 + (i >> 8)) % 251);
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function openMinibatches(link: CoordinatorLink, fromPhase = 0) {
  const got: [phase: number, bytes: number, last: boolean][] = [];
  const ends: (GanglionError | undefined)[] = [];
  const stream = link.streamMinibatches(HEAD, fromPhase, {
    chunk: (phase, samples, last) => got.push([phase, samples.length, last]),
    end: (why) => ends.push(why),
  });
  return { got, ends, ...stream };
}

describe('minibatches', () => {
  it('are sent as far as there is credit, and read from the data set no further', async () => {
    let read = 0;
    const { link } = await listen({
      *minibatches(head, fromPhase) {
        expect([head, fromPhase]).toMatchObject([HEAD, 4]);
        for (let phase = fromPhase; ; phase += 2) {
          read += 1;
          yield { phase, samples: new Uint8Array(10) };
        }
      },
    });
    const { got, credit } = openMinibatches(link, 4);
    credit(3);
    await until(() => got.length === 3);
    await sleep(50);
    expect([read, got.length]).toEqual([3, 3]);
    credit(1);
    credit(1);
    await until(() => got.length === 5);
    await sleep(50);
    expect([read, got.map(([phase]) => phase)]).toEqual([5, [4, 6, 8, 10, 12]]);
  });

  it('larger than a message come in pieces, empty ones too, and the end is by plan', async () => {
    const { link } = await listen({
      *minibatches() {
        yield { phase: 0, samples: someBytes(2 * CHUNK_BYTES + 5) };
        yield { phase: 2, samples: new Uint8Array() };
      },
    });
    const { got, ends, credit } = openMinibatches(link);
    credit(8);
    await until(() => ends.length === 1);
    expect(got).toEqual([
      [0, CHUNK_BYTES, false],
      [0, CHUNK_BYTES, false],
      [0, 5, true],
      [2, 0, true],
    ]);
    expect(ends).toEqual([undefined]);
    // Credit for what was taken last comes after the end.
    expect(() => credit(1)).not.toThrow();
    await sleep(20);
    expect(ends).toEqual([undefined]);
  });

  it('of a generation that ends in between are refused as stale', async () => {
    const { link } = await listen({
      *minibatches(head) {
        yield { phase: 0, samples: new Uint8Array(1) };
        throw staleGeneration(head, 3);
      },
    });
    const { got, ends, credit } = openMinibatches(link);
    credit(8);
    await until(() => ends.length === 1);
    expect(got).toHaveLength(1);
    expect(ends[0]).toMatchObject({ code: 'aborted', message: expect.stringContaining('generation 3 is current') });
  });

  it('that the worker cancels have ended by plan', async () => {
    const { link } = await listen({
      *minibatches() {
        for (;;) yield { phase: 0, samples: someBytes(CHUNK_BYTES) };
      },
    });
    const { got, ends, credit, cancel } = openMinibatches(link);
    credit(1_000);
    await until(() => got.length > 0);
    cancel();
    await until(() => ends.length === 1);
    expect(ends).toEqual([undefined]);
    expect(() => credit(1)).not.toThrow();
  });
});

describe('a download', () => {
  it.each([0, 1, CHUNK_BYTES, 5 * CHUNK_BYTES + 3])(
    'of %i bytes arrives whole, its hash on the last chunk',
    async (size) => {
      const state = someBytes(size);
      const { link } = await listen({
        downloadState: async (...asked) => {
          expect(asked).toEqual(['r', 2, 7]);
          return { state, sha256: sha256(state) };
        },
      });
      const chunks = await collect(link.downloadState(HEAD, 7, never));
      expect(Buffer.compare(Buffer.concat(chunks.map(({ data }) => data)), state)).toBe(0);
      expect(chunks.map((chunk) => chunk.sha256).join('')).toBe(sha256(state));
      expect(chunks.at(-1)?.sha256).toBe(sha256(state));
      for (const { data } of chunks) expect(data.length).toBeLessThanOrEqual(CHUNK_BYTES);
    },
  );

  it('for an order to measure is asked for by that, whatever generation trains', async () => {
    const state = someBytes(3);
    const { link } = await listen({
      downloadMeasured: async (...asked) => {
        expect(asked).toEqual(['r', 5, 7]);
        return { state, sha256: sha256(state) };
      },
    });
    const chunks = await collect(link.downloadState({ runId: 'r', generation: 0, evaluationId: 5 }, 7, never));
    expect(Buffer.concat(chunks.map(({ data }) => data))).toEqual(Buffer.from(state));
  });

  it('ends when its generation does', async () => {
    const { link } = await listen({
      downloadState: async () => ({ state: new Uint8Array(64 * CHUNK_BYTES), sha256: '' }),
    });
    const halted = new AbortController();
    const download = (async () => {
      for await (const _ of link.downloadState(HEAD, 7, halted.signal)) halted.abort();
    })();
    await expect(download).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('an upload', () => {
  it.each([0, 1, CHUNK_BYTES, 5 * CHUNK_BYTES + 3])(
    'of %i bytes arrives whole, from wherever it lies',
    async (size) => {
      const around = someBytes(size + 8);
      const state = around.subarray(4, size + 4);
      let got: Uint8Array | undefined;
      const { link } = await listen({
        async uploadState(head, phase, chunks) {
          expect([head, phase]).toMatchObject([HEAD, 7]);
          got = await receiveState(head, phase, chunks);
          return { weightsSha256: 'weights' };
        },
      });
      expect(await link.uploadState(HEAD, 7, state, sha256(state))).toEqual({ weightsSha256: 'weights' });
      expect(Buffer.compare(got ?? Buffer.alloc(0), state)).toBe(0);
    },
  );

  it('is answered when it is durable, not before', async () => {
    let isDurable = false;
    const { link } = await listen({
      async uploadState(head, phase, chunks) {
        await receiveState(head, phase, chunks);
        await sleep(50);
        isDurable = true;
        return { weightsSha256: '' };
      },
    });
    const state = someBytes(10);
    await link.uploadState(HEAD, 7, state, sha256(state));
    expect(isDurable).toBe(true);
  });

  it('that is refused while it is under way learns why, whether or not everything was read', async () => {
    for (const readFirst of [0, 1, 3]) {
      const { link } = await listen({
        async uploadState(head, _, chunks) {
          let read = 0;
          for await (const __ of chunks) if (++read > readFirst) break;
          throw staleGeneration(head, 3);
        },
      });
      for (let again = 0; again < 3; again++) {
        const upload = link.uploadState(HEAD, 7, new Uint8Array(16 * CHUNK_BYTES), 'hash');
        await expect(upload).rejects.toMatchObject({
          code: 'aborted',
          message: expect.stringContaining('generation 3'),
        });
      }
    }
  });

  it('with a byte changed on the way is refused as corrupt', async () => {
    const { link } = await listen({
      async uploadState(head, phase, chunks) {
        await receiveState(head, phase, chunks);
        return { weightsSha256: '' };
      },
    });
    await expect(link.uploadState(HEAD, 7, someBytes(10), sha256(someBytes(11)))).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('from worker w1 was refused'),
    });
  });

  it('whose worker dies ends on the coordinator’s side, and stores nothing', async () => {
    let outcome: unknown;
    let cut: () => void = () => undefined;
    const { port } = await listen({
      async uploadState(head, phase, chunks) {
        try {
          outcome = await receiveState(
            head,
            phase,
            cuttingAfterOne(chunks, () => cut()),
          );
        } catch (error) {
          outcome = error;
        }
        return { weightsSha256: '' };
      },
    });
    const cable = await cableTo(port);
    const link = dialCoordinator(cable.address);
    onTestFinished(() => link.close());
    const upload = link.uploadState(HEAD, 7, new Uint8Array(64 * CHUNK_BYTES), 'hash');
    cut = () => cable.cut();
    await expect(upload).rejects.toMatchObject({ code: 'unreachable' });
    await until(() => outcome !== undefined);
    expect(outcome).toBeInstanceOf(Error);
  });
});

/** The worker dies when its first chunk is there. */
async function* cuttingAfterOne<Chunk>(chunks: AsyncIterable<Chunk>, cut: () => void): AsyncIterable<Chunk> {
  for await (const chunk of chunks) {
    cut();
    yield chunk;
  }
}
