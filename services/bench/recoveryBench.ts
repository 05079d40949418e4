/** How long a run stands still: a worker killed, the coordinator killed, a worker that joins. Default settings. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { toYaml } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import type { RunEvent } from '../report/runEvent.ts';
import { connect } from '../wire/client.ts';
import { Leftovers } from './leftovers.ts';
import { benchConfig } from './networks.ts';

export interface RecoveryBench {
  /** SIGKILL of one of two workers → the next committed phase. */
  readonly workerKilledMs: number;
  /** SIGKILL of the coordinator, started again at once → the next committed phase. */
  readonly coordinatorKilledMs: number;
  /** Start of a worker process → the first phase that it took part in; loading the backend is most of it. */
  readonly workerJoinsMs: number;
}

const CALL_MS = 5_000;
const CALM_MS = 1_500;
const POLL_MS = 5;

export async function benchRecovery(backend: RunConfig['backend']): Promise<RecoveryBench> {
  const leftovers = new Leftovers();
  const env = { ...process.env, GANGLION_LOG_LEVEL: 'silent' };
  const dataDir = leftovers.folder();
  const startCoordinator = async (port: string) => {
    const child = leftovers.ganglion(
      ['coordinator', '--port', port, '--http-port', '0', '--page-port', '0', '--data-dir', dataDir],
      env,
    );
    const [line] = await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
    return { child, address: String(line).split(' ')[0] ?? '' };
  };
  try {
    const first = await startCoordinator('0');
    const { address } = first;
    const startWorker = (id: string) =>
      leftovers.ganglion(['worker', '--coordinator', address, '--id', id, '--backend', backend.require], env);
    const client = connect(address, { timeoutMs: CALL_MS });
    startWorker('one');
    const config = benchConfig({ workers: { min: 1, max: 2 }, backend, reportEvery: 1 });
    const { runId } = await client.createRun(toYaml(config), false);
    const phase = async () => (await client.getRun(runId).catch(orAway))?.phase ?? -1;
    const grows = async (from: number) => {
      while ((await phase()) <= from) await pause(POLL_MS);
    };
    await grows(0);
    const joinStart = performance.now();
    const two = startWorker('two');
    await membersAre(client.watchRun(runId, 0), 2);
    const workerJoinsMs = performance.now() - joinStart;
    await pause(CALM_MS);

    const workerKilledMs = await standsStill(phase, () => two.kill('SIGKILL'), grows);
    startWorker('two');
    await pause(CALM_MS * 4);
    const coordinatorKilledMs = await standsStill(
      phase,
      async () => {
        const gone = once(first.child, 'exit');
        first.child.kill('SIGKILL');
        await gone;
        await startCoordinator(address.split(':').at(-1) ?? '0');
      },
      grows,
    );
    client.close();
    return { workerKilledMs, coordinatorKilledMs, workerJoinsMs };
  } finally {
    await leftovers.clear();
  }
}

async function standsStill(
  phase: () => Promise<number>,
  breakIt: () => unknown,
  grows: (from: number) => Promise<void>,
): Promise<number> {
  const start = performance.now();
  const before = await phase();
  await breakIt();
  // The phase under way may still be told; the one after it needs the next generation.
  await grows(before + 1);
  return performance.now() - start;
}

/** Resolves at the first phase after the run has so many members. */
async function membersAre(events: AsyncIterable<RunEvent>, count: number): Promise<void> {
  let there = false;
  for await (const event of events) {
    if (event.kind === 'membership')
      there = event.members.length === count && event.members.every((m) => m.shards.length > 0);
    if (there && event.kind === 'phase') return;
  }
}

function orAway(error: unknown): undefined {
  if (error instanceof GanglionError && (error.code === 'unreachable' || error.code === 'aborted')) return undefined;
  throw error;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
