/**
 * Proves that a person's program gets the coordinator's answers over real gRPC: single ones, a run's events as they
 * happen until they end or nobody watches any more, and files of any size.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../services/report/runEvent.ts';
import { runView, workerView } from '../cli/views.ts';
import { collect, membershipEvent, phaseEvent, snapshotEvent, stateEvent } from '../telemetry/events.ts';
import { listen, until } from './listen.ts';

describe('a question with one answer', () => {
  it('carries what was asked to the coordinator, and its answer back', async () => {
    const asked: unknown[] = [];
    const answer = (...args: unknown[]) => {
      asked.push(args);
      return Promise.resolve(runView({ runId: 'r-1' }));
    };
    const { client } = await listen({
      createRun: (yaml, dryRun) => answer('create', yaml, dryRun),
      pauseRun: (runId) => answer('pause', runId),
      cancelRun: (runId) => answer('cancel', runId),
      resumeRun: (runId, fromPhase) => answer('resume', runId, fromPhase),
      getRun: (runId) => runView({ runId }),
    });
    const expected = runView({ runId: 'r-1' });
    expect(await client.createRun('name: größe', true)).toEqual(expected);
    expect(await client.pauseRun('r-1')).toEqual(expected);
    expect(await client.cancelRun('r-1')).toEqual(expected);
    await client.resumeRun('r-1');
    await client.resumeRun('r-1', 0);
    expect(await client.getRun('r-9')).toMatchObject({ runId: 'r-9' });
    expect(asked).toEqual([
      ['create', 'name: größe', true],
      ['pause', 'r-1'],
      ['cancel', 'r-1'],
      // Phase 0 is a phase; no phase is none.
      ['resume', 'r-1', undefined],
      ['resume', 'r-1', 0],
    ]);
  });

  it('lists runs, workers and files in the coordinator’s order', async () => {
    const runs = [runView({ runId: 'b-1' }), runView({ runId: 'a-1', statistics: {} })];
    const workers = [workerView(), workerView({ workerId: 'w2', runId: 'b-1', phase: 2 ** 40 })];
    const files = [{ name: 'checkpoints/phase-000000001/state.safetensors', sizeBytes: 2 ** 33 }];
    const { client } = await listen({
      listRuns: () => runs,
      listWorkers: () => workers,
      listArtifacts: async (runId) => (runId === 'b-1' ? files : []),
    });
    expect(await client.listRuns()).toEqual(runs);
    expect(await client.listWorkers()).toEqual(workers);
    expect(await client.listArtifacts('b-1')).toEqual(files);
    expect(await client.listArtifacts('a-1')).toEqual([]);
  });
});

describe('watching', () => {
  it('gives every kind of event, in order, from the place that was asked for, and ends with them', async () => {
    const events = [stateEvent(3), membershipEvent(4), phaseEvent(5), snapshotEvent(6)];
    const { client } = await listen({
      async *watchRun(runId, fromSequence) {
        expect([runId, fromSequence]).toEqual(['run-1', 3]);
        yield* events;
      },
    });
    expect(await collect(client.watchRun('run-1', 3))).toEqual(events);
  });

  it('gives each event when it happens', async () => {
    let happen: (event: RunEvent) => void = () => undefined;
    const { client } = await listen({
      async *watchRun() {
        yield stateEvent(0);
        yield await new Promise<RunEvent>((resolve) => {
          happen = resolve;
        });
      },
    });
    const events = client.watchRun('run-1', 0)[Symbol.asyncIterator]();
    expect((await events.next()).value).toEqual(stateEvent(0));
    happen(phaseEvent(1));
    expect((await events.next()).value).toEqual(phaseEvent(1));
    expect((await events.next()).done).toBe(true);
  });

  it('is over on the coordinator’s side as soon as the loop is left', async () => {
    let watching = false;
    const { client } = await listen({
      async *watchRun(_, __, signal) {
        watching = true;
        try {
          yield stateEvent(0);
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
        } finally {
          watching = false;
        }
      },
    });
    for await (const event of client.watchRun('run-1', 0)) {
      expect(event).toEqual(stateEvent(0));
      expect(watching).toBe(true);
      break;
    }
    await until(() => !watching);
  });

  it('costs the coordinator bounded memory where the watcher does not read, and nothing once it is gone', async () => {
    let written = 0;
    let ended = false;
    const { client } = await listen({
      async *watchRun() {
        try {
          for (; written < 1_000_000; written++) yield { ...stateEvent(written), why: 'x'.repeat(10_000) };
        } finally {
          ended = true;
        }
      },
    });
    const events = client.watchRun('run-1', 0)[Symbol.asyncIterator]();
    await events.next();
    for (let before = -1; before !== written; await sleep(100)) before = written;
    // 16 MiB of the client's window and what the streams hold: not the 10 GB that were to be told.
    expect(written).toBeLessThan(10_000);
    await events.return?.();
    await until(() => ended);
  });
});

describe('a file', () => {
  it.each([0, 1, 1_048_576, 5_000_001])('of %i bytes arrives whole', async (size) => {
    const bytes = Buffer.alloc(size, 'GAN');
    const { client } = await listen({
      async *fetchArtifact(runId, name) {
        expect([runId, name]).toEqual(['run-1', 'reals.png']);
        for (let at = 0; at < size; at += 1_000_000) yield bytes.subarray(at, at + 1_000_000);
      },
    });
    const got = Buffer.concat(await collect(client.fetchArtifact('run-1', 'reals.png')));
    expect(got.equals(bytes)).toBe(true);
  });
});
