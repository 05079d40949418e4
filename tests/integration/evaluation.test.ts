/**
 * Proves that a run which asks for it is evaluated while it trains, to the same bits as one that does not: told on the watch
 * stream, on NATS, in the run folder, on the page and in /metrics; that the best checkpoint is kept, also over a restart; that
 * the process which measures has the lowest priority, and never outlives its coordinator.
 */
import { readdir, readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { connect } from 'nats';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ChildEvaluator } from '../../services/evaluate/childEvaluator.ts';
import { readRunHistory } from '../../services/page/runHistory.ts';
import { runPage } from '../../services/page/runPage.ts';
import { type EvaluationEvent, runEventSchema } from '../../services/report/runEvent.ts';
import { realNatsServer } from '../telemetry/realNats.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

/** The periodic checkpoint is far: what is stored is stored for the evaluation, and one is kept. */
function run(evaluation = ''): string {
  const config = smallRun({ name: evaluation ? 'measured' : 'plain', phases: 60, hidden: 200, evaluation });
  return config.replace(/^checkpoints: .*$/m, 'checkpoints: { everyPhases: 1000, keep: 1 }');
}

describe('a run that is evaluated', () => {
  it('has the bits of one that is not, tells what was measured, and keeps the best', async () => {
    const nats = await realNatsServer();
    const cluster = await Cluster.start({ natsUrl: nats.url });
    onTestFinished(() => cluster.stop());
    const onNats: EvaluationEvent[] = [];
    const reader = await connect({ servers: nats.url });
    onTestFinished(() => reader.close());
    reader.subscribe('ganglion.v1.runs.*.evaluation', {
      callback: (_, message) => {
        const event = runEventSchema.parse(message.json());
        if (event.kind === 'evaluation') onNats.push(event);
      },
    });
    await reader.flush();
    await cluster.addWorkers(['one', 'two']);

    const runId = await cluster.launch(run('{ everyPhases: 20, metrics: [mmd], samples: 50, keepBest: mmd2 }'));
    const streamed: EvaluationEvent[] = [];
    const watching = (async () => {
      for await (const event of cluster.client.watchRun(runId, 0)) {
        if (event.kind === 'evaluation') streamed.push(event);
      }
    })();
    // An evaluation takes longer than sixty small phases: the run waits, so that the stream tells of the first one.
    await cluster.until(runId, ({ phase }) => phase >= 20);
    await cluster.client.pauseRun(runId);
    const paused = await cluster.until(
      runId,
      ({ state, evaluation }) => state === 'paused' && evaluation?.phase === 20,
    );
    expect(paused.best).toMatchObject({ phase: 20, measure: 'mmd2' });
    expect(paused.checkpointPhases).toEqual([20, paused.phase]);
    await cluster.client.resumeRun(runId);
    const { weightsSha256, folder } = await cluster.completed(runId);
    await watching;
    expect(streamed[0]).toMatchObject({ phase: 20, of: 'ema', measures: [{ name: 'mmd2' }] });
    expect(streamed[0]?.why).toMatch(
      /^G’s moving average after 20 phases: mmd2 \S+ ± \S+\. The best by mmd2 so far\.$/,
    );

    const measured = await cluster.evaluated(runId, 60);
    // What is told of it follows.
    await vi.waitFor(() => expect(onNats.at(-1)?.phase).toBe(60), 10_000);
    const text = await readFile(join(folder, 'metrics-evaluation.jsonl'), 'utf8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ runId, phase: 20, of: 'ema', seed: 0 });
    expect(lines.at(-1)).toMatchObject({ phase: 60, weightsSha256 });
    expect(measured.evaluation?.measures[0]?.value).toBe(lines.at(-1)?.measures.mmd2.value);
    const values: number[] = lines.map(({ measures }) => measures.mmd2.value);
    const best = lines[values.indexOf(Math.min(...values))]?.phase;
    expect(measured.best?.phase).toBe(best);
    const kept = [...new Set([best, 60])];
    await vi.waitFor(async () => expect((await cluster.client.getRun(runId)).checkpointPhases).toEqual(kept), 10_000);
    const folders = kept.map((phase) => `phase-${String(phase).padStart(9, '0')}`);
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual(folders);
    expect(onNats.map(({ phase }) => phase)).toEqual(lines.map(({ phase }) => phase));
    expect(runPage(await readRunHistory(folder))).toContain('mmd2');
    const scrape = async () => (await fetch(`http://${cluster.httpAddress}/metrics`)).text();
    const gauge = `ganglion_evaluation{run="${runId}",measure="mmd2"} ${values.at(-1)}`;
    expect(await scrape()).toContain(gauge);

    await cluster.killCoordinator('SIGKILL');
    await cluster.startCoordinator();
    const { evaluation, best: known, checkpointPhases } = await cluster.client.getRun(runId);
    expect([evaluation, known, checkpointPhases]).toEqual([measured.evaluation, measured.best, kept]);
    expect(await scrape()).toContain(gauge);

    await cluster.addWorkers(['three', 'four']);
    const plain = await cluster.completed(await cluster.launch(run()));
    expect(plain.weightsSha256).toBe(weightsSha256);
    expect([plain.evaluation, plain.best]).toEqual([undefined, undefined]);
  });

  it('and has no spare worker is measured by one process of the lowest priority, which ends with its coordinator', async () => {
    const cluster = await Cluster.start();
    onTestFinished(() => cluster.stop());
    await cluster.addWorkers(['one', 'two']);
    // Minutes of work.
    const runId = await cluster.launch(run('{ everyPhases: 20, metrics: [parzen, prdc] }'));
    await cluster.completed(runId);
    for (const id of ['one', 'two']) await cluster.killWorker(id, 'SIGKILL');
    const [pid = 0, ...others] = await untilMeasured(cluster, 1);
    expect([others, getPriority(pid)]).toEqual([[], 19]);
    await cluster.killCoordinator('SIGTERM');
    await untilMeasured(cluster, 0);
    await cluster.startCoordinator();
    await untilMeasured(cluster, 1);
    await cluster.killCoordinator('SIGKILL');
    await untilMeasured(cluster, 0);
  });
});

it('an evaluation that fails says why', async () => {
  const evaluator = new ChildEvaluator();
  const outcome = await evaluator.evaluate('/nowhere', 20, { metrics: ['mmd'], seed: 0 });
  expect(outcome).toMatchObject({
    type: 'failed',
    why: expect.stringMatching(/^its process ended with exit code 1: ganglion: .*phase-000000020 is not a run folder/),
  });
  await evaluator.close();
  expect(await evaluator.evaluate('/nowhere', 20, { metrics: ['mmd'], seed: 0 })).toBeUndefined();
});

/** Process ids of `ganglion evaluate` on the cluster's run folders, once there are so many. */
async function untilMeasured(cluster: Cluster, count: number): Promise<number[]> {
  return vi.waitFor(async () => {
    const pids: number[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (words.includes('\0evaluate\0') && words.includes(cluster.dataDir)) pids.push(Number(pid));
    }
    expect(pids).toHaveLength(count);
    return pids;
  }, 20_000);
}
