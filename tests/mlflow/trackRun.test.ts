/**
 * Proves that a run is tracked: parameters, metrics of every report once, its state; that an outage is told once, holds nothing
 * up, and loses nothing; that a coordinator which starts again goes on with the same run. On a stand-in for the REST interface,
 * and on the real MLflow server where GANGLION_TEST_MLFLOW names a Python that has it.
 */
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { describeError } from '../../services/errors/ganglionError.ts';
import { must } from '../../services/errors/invariant.ts';
import { MlflowClient } from '../../services/mlflow/mlflowClient.ts';
import { trackRuns } from '../../services/mlflow/trackRun.ts';
import type { RunEvent } from '../../services/report/runEvent.ts';
import { RunEventLog } from '../../services/telemetry/eventLog.ts';
import { RunFollowers } from '../../services/telemetry/runFollowers.ts';
import { mnistRun } from '../sampling/runs.ts';
import { phaseEvent, stateEvent } from '../telemetry/events.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { SERVERS } from './mlflowServer.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** What a coordinator does, from its start to its end. */
async function startTracking(uri: string, folder: string) {
  const said: string[] = [];
  const say = (text: unknown) => void said.push(String(text));
  const log = { warn: say, info: say } as never;
  const followers = new RunFollowers(trackRuns(new MlflowClient(uri), log, 100), (_, error) =>
    say(describeError(error)),
  );
  const history = await RunEventLog.open(folder);
  followers.addRun({ runId: 'run-1', config: mnistRun(), history });
  return {
    said,
    tell: async (...events: RunEvent[]) => {
      for (const event of events) {
        await history.append(event);
        followers.offer(event);
      }
    },
    close: async () => {
      await followers.close();
      await history.close();
    },
  };
}

interface Tracked {
  readonly experiment: { readonly experiment_id: string };
  readonly runs: readonly {
    readonly info: { readonly run_id: string; readonly run_name: string; readonly status: string };
    readonly data: { readonly params: readonly { readonly key: string; readonly value: string }[] };
  }[];
  /** The real server sends 64-bit numbers as texts or numbers. */
  readonly metrics: readonly { readonly step: number | string }[];
}

/** What the server has, asked as any client would. */
async function tracked(uri: string) {
  const ask = async (path: string, body?: object) => {
    const headers = { 'content-type': 'application/json' };
    const request = body && { method: 'POST', headers, body: JSON.stringify(body) };
    return (await (await fetch(`${uri}/api/2.0/mlflow/${path}`, request)).json()) as Tracked;
  };
  const { experiment } = await ask('experiments/get-by-name?experiment_name=ganglion');
  const { runs } = await ask('runs/search', { experiment_ids: [experiment.experiment_id], max_results: 10 });
  const [run, ...others] = runs;
  const { info, data } = must(run, 'run');
  const steps = async (key: string) => {
    const history = await ask(`metrics/get-history?run_id=${info.run_id}&metric_key=${encodeURIComponent(key)}`);
    return history.metrics.map(({ step }) => Number(step));
  };
  return { info, others, params: new Map(data.params.map(({ key, value }) => [key, value])), steps };
}

describe.each(SERVERS)('with %s', (_name, start) => {
  it('tracks a run over an outage and a restart, each step once', async () => {
    const folder = temporaryFolder();
    const run = join(folder, 'run');
    await mkdir(run);
    const port = await freePort();
    let server = await start(folder, port);
    onTestFinished(() => server.stop().catch(() => undefined));
    const { uri } = server;

    const first = await startTracking(uri, run);
    await first.tell(stateEvent(0), phaseEvent(1, 10), phaseEvent(2, 20));
    await vi.waitFor(async () => expect(await (await tracked(uri)).steps('loss/generator')).toEqual([10, 20]), 60_000);

    await server.stop();
    await first.tell(phaseEvent(3, 30));
    await vi.waitFor(() => expect(first.said).toHaveLength(1), 20_000);
    expect(first.said[0]).toMatch(/^MLflow at http:.* does not answer\. Runs go on; what it misses is sent later\.$/);
    await first.tell(phaseEvent(4, 40));
    server = await start(folder, port);
    await vi.waitFor(
      async () => expect(await (await tracked(uri)).steps('loss/generator')).toEqual([10, 20, 30, 40]),
      60_000,
    );
    await first.close();
    expect(first.said.slice(1)).toEqual(['MLflow answers again']);

    const second = await startTracking(uri, run);
    await second.tell(phaseEvent(5, 50), { ...stateEvent(6), state: 'completed' });
    await second.close();
    const { info, others, params, steps } = await tracked(uri);
    expect(await steps('loss/generator')).toEqual([10, 20, 30, 40, 50]);
    expect(await steps('value/v')).toEqual([10, 20, 30, 40, 50]);
    expect([info.status, info.run_name, others]).toEqual(['FINISHED', 'run-1', []]);
    expect(params.get('generator.layers.2.units')).toBe('784');
    expect(params.get('optimizer.generator.type')).toBe('sgd');
    expect(second.said).toEqual([]);
  }, 300_000);

  it('a run ends at once where there never was a server', async () => {
    const folder = temporaryFolder();
    const { said, tell, close } = await startTracking(`http://127.0.0.1:${await freePort()}`, folder);
    await tell(phaseEvent(0, 10));
    await close();
    expect(said).toEqual([expect.stringContaining('does not answer')]);
  });
});
