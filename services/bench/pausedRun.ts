/** A run that trains only while it is asked for times, and is paused else: so it can take turns with a peer. */
import { toYaml } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { RunEvent } from '../report/runEvent.ts';
import { type Cluster, startWorkers } from './cluster.ts';
import { endOfAny } from './leftovers.ts';
import { benchConfig, PHASES_PER_ITERATION } from './networks.ts';
import type { Contestant } from './peers/turns.ts';
import { stopped } from './phaseRates.ts';

/** After a start and each pause: states are loaded, computations traced, and minibatches come ahead again. */
const WARM_UP_BLOCKS = 2;

export class PausedRun implements Contestant {
  readonly #cluster: Cluster;
  readonly #runId: string;
  readonly #workersEnd: Promise<never>;
  readonly #blockIterations: number;
  #nextSequence = 0;

  /** @param blockIterations iterations between two reports; a time is the mean of so many. */
  static async start(
    cluster: Cluster,
    workers: number,
    backend: RunConfig['backend'],
    blockIterations: number,
  ): Promise<PausedRun> {
    const { children } = await startWorkers(cluster, workers, backend);
    const config = benchConfig({ workers, backend, reportEvery: blockIterations * PHASES_PER_ITERATION });
    const { runId } = await cluster.client.createRun(toYaml(config), false);
    const run = new PausedRun(cluster, runId, endOfAny(children), blockIterations);
    await Promise.race([run.#pause(), run.#workersEnd]);
    return run;
  }

  private constructor(cluster: Cluster, runId: string, workersEnd: Promise<never>, blockIterations: number) {
    this.#cluster = cluster;
    this.#runId = runId;
    this.#workersEnd = workersEnd;
    this.#blockIterations = blockIterations;
  }

  /** Milliseconds an iteration, in each of the next `count` blocks after the warm-up. */
  async times(count: number): Promise<readonly number[]> {
    const { client } = this.#cluster;
    await client.resumeRun(this.#runId);
    const measure = async () => {
      const times = await blockTimes(client.watchRun(this.#runId, this.#nextSequence), count);
      await this.#pause();
      return times.map((ms) => ms / this.#blockIterations);
    };
    return Promise.race([measure(), this.#workersEnd]);
  }

  async #pause(): Promise<void> {
    const { client } = this.#cluster;
    await client.pauseRun(this.#runId);
    for await (const event of client.watchRun(this.#runId, this.#nextSequence)) {
      this.#nextSequence = event.sequence + 1;
      if (event.kind === 'state' && event.state === 'paused') return;
    }
  }
}

/** Milliseconds between the reports of a run that has been resumed, without those of its warm-up. */
export async function blockTimes(events: AsyncIterable<RunEvent>, count: number): Promise<number[]> {
  const reportedMs: number[] = [];
  for await (const event of events) {
    if (event.kind === 'state' && reportedMs.length > 0) throw stopped(event.why);
    if (event.kind !== 'phase') continue;
    reportedMs.push(event.timeMs);
    if (reportedMs.length <= WARM_UP_BLOCKS + count) continue;
    const counted = reportedMs.slice(WARM_UP_BLOCKS);
    return counted.slice(1).map((ms, index) => ms - must(counted[index], 'time before'));
  }
  throw stopped('Its events ended.');
}
