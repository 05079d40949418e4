/**
 * One worker process of the all-reduce bench: registers with the coordinator as every worker does and joins the run's
 * generation, but computes nothing: it only reduces, over the product's own road.
 *
 * Arguments: HOST:PORT of the coordinator, worker id, values in the gradient, rounds. Sends its parent the ms of each
 * round, and ends with it.
 */
import { availableParallelism, hostname, totalmem } from 'node:os';
import { CHUNK_VALUES } from '../collective/chunk.ts';
import { StarCollective } from '../collective/collective.ts';
import { ownedSubtrees } from '../collective/tree.ts';
import type { Assignment } from '../control/messages.ts';
import { describeError } from '../errors/ganglionError.ts';
import { invariant, must } from '../errors/invariant.ts';
import { type CoordinatorLink, dialCoordinator } from '../wire/coordinatorLink.ts';
import { PROTOCOL_VERSION } from '../wire/limits.ts';

export interface ReduceAnswer {
  readonly roundMs: readonly number[];
}

interface Task {
  readonly workerId: string;
  readonly values: number;
  readonly rounds: number;
}

function main([address, workerId, values, rounds]: readonly string[]): void {
  const link = dialCoordinator(must(address, 'address'));
  const task = { workerId: must(workerId, 'worker id'), values: Number(values), rounds: Number(rounds) };
  const control = link.openControl({
    message: (message) => {
      if (message.type === 'welcome') {
        const beat = { type: 'heartbeat', runId: '', generation: 0, phase: 0, activity: 'exchange' } as const;
        setInterval(() => control.send(beat), message.heartbeatIntervalMs);
      }
      if (message.type !== 'assignment') return;
      const { runId, generation, phase } = message;
      control.send({ type: 'ready', runId, generation, phase });
      reduceAll(link, task, message).then((roundMs) => process.send?.({ roundMs } satisfies ReduceAnswer), fail);
    },
    end: (why) => fail(why ?? 'the coordinator ended the session.'),
  });
  control.send({
    type: 'hello',
    protocolVersion: PROTOCOL_VERSION,
    workerId: task.workerId,
    hostname: hostname(),
    pid: process.pid,
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

/** Every chunk's first value says its phase and its sender, so that a sum of another phase would show. */
async function reduceAll(link: CoordinatorLink, task: Task, assignment: Assignment): Promise<number[]> {
  const { runId, generation, rank, members } = assignment;
  const { workerId, values, rounds } = task;
  const shards = must(members[rank], 'member').shards;
  const [subtree] = ownedSubtrees(members.length, shards);
  // Shared as in a worker, where the compute thread fills the one and reads the other.
  const [gradient, sum] = [shared(values), shared(values)];
  const collective = new StarCollective((on) => link.openReduce({ runId, generation, workerId }, on));
  const roundMs: number[] = [];
  for (let phase = 0; phase < rounds; phase++) {
    for (let offset = 0; offset < values; offset += CHUNK_VALUES) gradient[offset] = phase + rank;
    const start = performance.now();
    await collective.reduce(phase, [{ subtree: must(subtree, 'subtree'), values: gradient }], sum);
    roundMs.push(performance.now() - start);
    const expected = members.reduce((all, member) => all + phase + member.rank, 0);
    for (let offset = 0; offset < values; offset += CHUNK_VALUES) {
      invariant(sum[offset] === expected, `the sum of round ${phase} at ${offset} is ${expected}`);
    }
  }
  return roundMs;
}

function shared(values: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(values * 4));
}

function fail(why: unknown): void {
  process.stderr.write(`bench: worker process: ${describeError(why)}\n`);
  process.exit(1);
}

process.once('disconnect', () => process.exit());
main(process.argv.slice(2));
