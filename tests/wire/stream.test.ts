/** Proves that a writer waits for its reader, and is told when the stream ends while it waits. */
import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { send } from '../../services/wire/stream.ts';

/** A sink that is full until the test says otherwise. */
function fullSink() {
  const sink = new PassThrough({ objectMode: true, highWaterMark: 1 });
  return { sink, drain: () => sink.read() };
}

async function settledSoon(promise: Promise<unknown>): Promise<boolean> {
  const soon = new Promise<false>((resolve) => setTimeout(() => resolve(false), 20));
  return Promise.race([promise.then(() => true as const), soon]);
}

describe('send', () => {
  it('does not wait where there is room', async () => {
    const sink = new PassThrough({ objectMode: true, highWaterMark: 4 });
    await send(sink, { phase: 1 });
    expect(sink.read()).toEqual({ phase: 1 });
  });

  it('waits until the reader has read, and keeps the order', async () => {
    const { sink, drain } = fullSink();
    const got: unknown[] = [];
    // One is passed on to the reading side at once, the next fills the sink.
    const writing = (async () => {
      for (const message of [1, 2, 3, 4]) await send(sink, message);
    })();
    expect(await settledSoon(writing)).toBe(false);
    for (let read = drain(); got.length < 4; read = drain()) {
      if (read !== null) got.push(read);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
    expect(got).toEqual([1, 2, 3, 4]);
  });

  it('rejects where the stream closes while it waits', async () => {
    const sink = new Writable({ objectMode: true, highWaterMark: 1, write: () => undefined });
    const sending = send(sink, 1);
    sink.destroy();
    await expect(sending).rejects.toThrow('the stream closed while it was written');
  });

  it('rejects with the stream’s own error', async () => {
    const sink = new Writable({ objectMode: true, highWaterMark: 1, write: () => undefined });
    const sending = send(sink, 1);
    sink.destroy(new Error('connection reset'));
    await expect(sending).rejects.toThrow('connection reset');
  });

  it('leaves no listener behind, however often it waits', async () => {
    const sink = new Writable({ objectMode: true, highWaterMark: 1, write: (_, __, done) => void setImmediate(done) });
    for (let i = 0; i < 100; i++) await send(sink, i);
    expect(['drain', 'close', 'error'].map((event) => sink.listenerCount(event))).toEqual([0, 0, 0]);
  });

  it('does not wait for a stream that is closed already', async () => {
    const sink = new Writable({ objectMode: true, highWaterMark: 1, write: () => undefined });
    sink.on('error', () => undefined).destroy();
    await new Promise((resolve) => sink.once('close', resolve));
    await expect(send(sink, 1)).rejects.toThrow('the stream is closed');
  });
});
