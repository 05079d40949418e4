/**
 * Our replica as a process that is measured beside the peers: it reads counts on stdin and answers with times, as their
 * scripts do (`serveScript.ts`). A process of its own, because libtensorflow has one thread count a process.
 *
 * Argument: the run config as JSON.
 */
import { createInterface } from 'node:readline';
import { mendKernels } from '../../backend/mends.ts';
import { selectBackend } from '../../backend/select.ts';
import type { RunConfig } from '../../config/runConfig.ts';
import { must } from '../../errors/invariant.ts';
import { elapsedMs } from '../elapsed.ts';
import { replicaLoop } from '../replicaLoop.ts';
import type { Answer } from './answer.ts';

/** Traced, compared, replayed. */
const ITERATIONS_TO_COMPILE = 3;

async function main(config: RunConfig): Promise<void> {
  const backend = await selectBackend(config.backend);
  mendKernels(backend);
  const { step, compileCounts } = replicaLoop(backend.tf, backend.kind, config);
  for (let i = 0; i < ITERATIONS_TO_COMPILE; i += 1) step();
  const { compiled, fellBack } = compileCounts();
  const way = compiled > 0 && fellBack === 0 ? 'compiled' : 'op by op';
  say({ version: `${backend.kind} ${backend.version}, ${way}` });
  for await (const line of createInterface({ input: process.stdin })) {
    say({ ms: Array.from({ length: Number(line) }, () => elapsedMs(step)) });
  }
}

function say(answer: Answer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

await main(JSON.parse(must(process.argv[2], 'config')) as RunConfig);
// The native addon's own threads would keep the process alive.
process.exit();
