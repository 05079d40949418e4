/**
 * One worker process of the all-reduce bench: registers with the coordinator as every worker does and joins the run's
 * generation, but computes nothing: it only reduces, over the product's own road.
 *
 * Arguments: HOST:PORT of the coordinator, worker id, values in the gradient, rounds. Sends its parent the ms of each
 * round, and ends with it.
 */
import { availableParallelism, hostname, totalmem } from 'node:os';
import { CHUNK_VALUES } from '../collective/chunk.ts';
import type { Collective } from '../collective/collective.ts';
import { ownedSubtrees } from '../collective/tree.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { FAILURE_DETECTION_MS, waitsOf } from '../control/failureDetection.ts';
import type { Assignment } from '../control/messages.ts';
import { describeError } from '../errors/ganglionError.ts';
import { invariant, must } from '../errors/invariant.ts';
import { PeerListener } from '../mesh/listener.ts';
import { Mesh } from '../mesh/mesh.ts';
import { dialCoordinator } from '../wire/coordinatorLink.ts';
import { PROTOCOL_VERSION } from '../wire/limits.ts';
import { openCollective } from '../worker/collectiveRoad.ts';
import { Vectors } from '../worker/vectors.ts';

export interface ReduceAnswer {
  readonly roundMs: readonly number[];
}

interface Task {
  readonly workerId: string;
  readonly values: number;
  readonly rounds: number;
}

async function main([address, workerId, values, rounds]: readonly string[]): Promise<void> {
  const link = dialCoordinator(must(address, 'address'));
  const listener = await PeerListener.open({ host: '127.0.0.1' });
  const task = { workerId: must(workerId, 'worker id'), values: Number(values), rounds: Number(rounds) };
  let begin: () => void = () => undefined;

  async function work(assignment: Assignment): Promise<void> {
    const { runId, generation, phase } = assignment;
    const { signal } = new AbortController();
    const connectMs = waitsOf(FAILURE_DETECTION_MS).dialMs;
    const ports = {
      link,
      openMesh: (request: Omit<Parameters<typeof Mesh.open>[0], 'listener' | 'connectMs' | 'signal'>) =>
        Mesh.open({ ...request, listener, connectMs, signal }),
      fetchState: () => Promise.reject(new Error('nobody fetches a state here')),
    };
    const config = JSON.parse(assignment.configJson) as RunConfig;
    const head = { runId, generation, workerId: task.workerId };
    const vectors = new Vectors();
    vectors.begin(task.values);
    const allocate = (bytes: number) => vectors.bytes(bytes);
    const collective = await openCollective(assignment, config, ports, head, signal, allocate);
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    control.send({ type: 'ready', runId, generation, phase });
    await begun;
    const roundMs = await reduceAll(collective, task, assignment, vectors);
    process.send?.({ roundMs } satisfies ReduceAnswer);
  }

  const control = link.openControl({
    message: (message) => {
      if (message.type === 'welcome') {
        const beat = { type: 'heartbeat', runId: '', generation: 0, phase: 0, activity: 'exchange' } as const;
        setInterval(() => control.send(beat), message.heartbeatIntervalMs);
      }
      if (message.type === 'assignment') work(message).catch(fail);
      if (message.type === 'begin') begin();
    },
    end: (why) => fail(why ?? 'the coordinator ended the session.'),
  });
  control.send({
    type: 'hello',
    protocolVersion: PROTOCOL_VERSION,
    workerId: task.workerId,
    hostname: hostname(),
    pid: process.pid,
    peer: listener.address,
    held: undefined,
    device: {
      backend: 'cpu',
      backendVersion: '',
      deviceClass: 'reduces only',
      intraOpThreads: 1,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      runtime: process.version,
    },
  });
}

/** Every chunk's first value says its phase and its sender, so that a sum of another phase would show; exact in bf16. */
async function reduceAll(
  collective: Collective,
  task: Task,
  { rank, members }: Assignment,
  vectors: Vectors,
): Promise<number[]> {
  const { values, rounds } = task;
  const shards = must(members[rank], 'member').shards;
  const [subtree] = ownedSubtrees(members.length, shards);
  const [gradient, sum] = [vectors.floats(values), vectors.floats(values)];
  const roundMs: number[] = [];
  for (let phase = 0; phase < rounds; phase++) {
    const mark = phase % 50;
    for (let offset = 0; offset < values; offset += CHUNK_VALUES) gradient[offset] = mark + rank;
    const start = performance.now();
    await collective.reduce(phase, [{ subtree: must(subtree, 'subtree'), values: gradient }], sum);
    roundMs.push(performance.now() - start);
    const expected = members.reduce((all, member) => all + mark + member.rank, 0);
    for (let offset = 0; offset < values; offset += CHUNK_VALUES) {
      invariant(sum[offset] === expected, `the sum of round ${phase} at ${offset} is ${expected}`);
    }
  }
  return roundMs;
}

function fail(why: unknown): void {
  process.stderr.write(`bench: worker process: ${describeError(why)}\n`);
  process.exit(1);
}

process.once('disconnect', () => process.exit());
main(process.argv.slice(2)).catch(fail);
