/** Entry of the compute thread: selects the backend, owns the replica, answers requests in order. */
import { createHash } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { mendKernels } from '../../backend/mends.ts';
import { type Backend, selectBackend } from '../../backend/select.ts';
import type { CompileListeners } from '../../compile/compiler.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import { must } from '../../errors/invariant.ts';
import type { Replica } from '../../gan/replica.ts';
import { createReplica } from '../../gan/tfReplica.ts';
import { nowMs } from '../../trace/span.ts';
import type { ComputeCalls, ComputeReply, ComputeRequest, ComputeSetup, ComputeVerb } from './protocol.ts';

type Answers = { [Verb in ComputeVerb]: (request: ComputeCalls[Verb]['request']) => ComputeCalls[Verb]['answer'] };

async function main(port: MessagePort, setup: ComputeSetup): Promise<void> {
  const reply = (message: ComputeReply) => port.postMessage(message);
  let backend: Backend;
  try {
    backend = await selectBackend(setup);
    mendKernels(backend);
  } catch (error) {
    return reply({ type: 'unfit', ...sentences(error) });
  }
  const answers = answersOf(backend, {
    fellBack: (computation, why) => reply({ type: 'fellBack', computation, why }),
    byXla: (computation) => reply({ type: 'byXla', computation }),
  });
  port.on('message', ({ id, verb, request }: ComputeRequest) => {
    try {
      const compute = answers[verb] as (request: unknown) => unknown;
      const beginMs = nowMs();
      const answer = compute(request);
      reply({ type: 'answer', id, answer, beginMs, endMs: nowMs() });
    } catch (error) {
      reply({ type: 'error', id, ...sentences(error) });
    }
  });
  reply({
    type: 'ready',
    whyNot: backend.whyNot.map(({ kind, why, remedy }) => `${kind}: ${why} ${remedy}`),
    device: {
      backend: backend.kind,
      backendVersion: backend.version,
      deviceClass: backend.deviceClass,
      intraOpThreads: backend.intraOpThreads,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      runtime: process.version,
    },
  });
}

function answersOf({ tf, kind }: Backend, listeners: CompileListeners): Answers {
  let current: Replica | undefined;
  const replica = () => must(current, 'replica');
  return {
    configure({ config, sampleSize }) {
      current?.dispose();
      current = createReplica({ config, sampleSize, tf, kind, ...listeners });
      return undefined;
    },
    load({ state }) {
      replica().load(state);
      return undefined;
    },
    save() {
      const state = replica().save();
      return { state, sha256: createHash('sha256').update(new Uint8Array(state.buffer)).digest('hex') };
    },
    gradient: ({ plan, shard, network, samples, flat, sums }) =>
      replica().gradientOf({ plan, shard, samples }, network, flat, sums),
    prepare(shardOfPhase) {
      replica().prepare(shardOfPhase);
      return undefined;
    },
    apply: ({ plan, sum, wantNorms }) => replica().apply(plan, sum, wantNorms),
    step: ({ plan, samples, wantStatistics }) => replica().step({ plan, shard: 0, samples }, wantStatistics),
    averageGap: () => replica().averageGap(),
    weightsSha256: () => replica().weightsSha256(),
    sample: ({ count }) => replica().sample(count),
    forget() {
      current?.dispose();
      current = undefined;
      return undefined;
    },
  };
}

function sentences(error: unknown): { message: string; remedy: string } {
  if (error instanceof GanglionError) return { message: error.message, remedy: error.remedy };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: `The backend failed: ${message}`, remedy: 'See the worker’s log; try --backend wasm.' };
}

void main(must(parentPort, 'parent port'), workerData as ComputeSetup);
