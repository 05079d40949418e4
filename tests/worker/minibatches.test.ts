/**
 * Proves that minibatches are fetched ahead within a bound, handed out whole and in order, and that a stream that ends
 * leaves nobody waiting.
 */
import { describe, expect, it } from 'vitest';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { Minibatches, type MinibatchListener } from '../../services/worker/minibatches.ts';

class FakeSource {
  readonly credits: number[] = [];
  cancelled = false;
  readonly minibatches: Minibatches;
  #on: MinibatchListener | undefined;

  constructor() {
    this.minibatches = new Minibatches((on) => {
      this.#on = on;
      return {
        credit: (minibatches) => void this.credits.push(minibatches),
        cancel: () => {
          this.cancelled = true;
        },
      };
    });
  }

  brings(phase: number, bytes: readonly number[], last = true): void {
    this.#on?.chunk(phase, Uint8Array.from(bytes), last);
  }

  ends(why?: GanglionError): void {
    this.#on?.end(why);
  }
}

const LOST = new GanglionError({ code: 'unreachable', message: 'No coordinator answers.', remedy: 'Start one.' });

describe('minibatches', () => {
  it('are asked for eight ahead, and one more for each that is taken', async () => {
    const source = new FakeSource();
    expect(source.credits).toEqual([8]);
    source.brings(0, [1]);
    await source.minibatches.take(0);
    expect(source.credits).toEqual([8, 1]);
  });

  it('that are there already are handed out at once, in the order of the phases', async () => {
    const source = new FakeSource();
    source.brings(0, [1]);
    // Phase 1 is G's: it reads no data.
    source.brings(2, [2]);
    expect([...(await source.minibatches.take(0))]).toEqual([1]);
    expect([...(await source.minibatches.take(2))]).toEqual([2]);
  });

  it('that are not there yet are waited for', async () => {
    const source = new FakeSource();
    const rows = source.minibatches.take(4);
    source.brings(2, [2]);
    source.brings(4, [4, 4]);
    expect([...(await rows)]).toEqual([4, 4]);
  });

  it('that come in pieces are handed out whole', async () => {
    const source = new FakeSource();
    const rows = source.minibatches.take(0);
    source.brings(0, [1, 2], false);
    source.brings(0, [3], false);
    source.brings(0, [], true);
    source.brings(2, [4]);
    expect([...(await rows)]).toEqual([1, 2, 3]);
    expect([...(await source.minibatches.take(2))]).toEqual([4]);
  });

  it('may be empty: a shard of a short tail has no samples', async () => {
    const source = new FakeSource();
    source.brings(0, []);
    expect(await source.minibatches.take(0)).toHaveLength(0);
  });
});

describe('a stream that ends', () => {
  it('by an error rejects who waits, and who comes later, with that error', async () => {
    const source = new FakeSource();
    const waiting = source.minibatches.take(0);
    source.ends(LOST);
    await expect(waiting).rejects.toBe(LOST);
    await expect(source.minibatches.take(2)).rejects.toBe(LOST);
  });

  it('by plan says so, and that there is nothing to do', async () => {
    const source = new FakeSource();
    const waiting = source.minibatches.take(0);
    source.ends();
    await expect(waiting).rejects.toMatchObject({ code: 'aborted', message: 'The minibatch stream ended.' });
  });

  it('still hands out what is there: the last minibatches come just before the end', async () => {
    const source = new FakeSource();
    source.brings(0, [1]);
    source.ends();
    expect([...(await source.minibatches.take(0))]).toEqual([1]);
  });

  it('by the worker itself is cancelled, and keeps its first reason', async () => {
    const source = new FakeSource();
    const waiting = source.minibatches.take(0);
    source.minibatches.close();
    source.ends(LOST);
    expect(source.cancelled).toBe(true);
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
    await expect(source.minibatches.take(2)).rejects.toMatchObject({ code: 'aborted' });
  });
});
