/** One seed: a cluster in chaos, then in calm, in virtual time; and whether all that must hold did. */
import type { Logger } from 'pino';
import { Checks } from './checks/checks.ts';
import { finalChecks } from './checks/finalChecks.ts';
import { Cluster } from './cluster/cluster.ts';
import { Dice } from './dice.ts';
import type { FaultRates } from './faults/faultRates.ts';
import { Faults } from './faults/faults.ts';
import { drawScenario, type Scenario } from './scenario.ts';
import { Timeline } from './timeline.ts';
import { Trace } from './trace.ts';
import type { World } from './world.ts';

export interface Outcome {
  readonly seed: number;
  /** What was found wrong; undefined where all held. */
  readonly violation: string | undefined;
  readonly scenario: Scenario;
  readonly eventCount: number;
  readonly virtualMs: number;
  readonly traceHash: string;
  /** The last of the trace. */
  readonly lastLines: readonly string[];
  /** What went wrong, and how often. */
  readonly faults: ReadonlyMap<keyof FaultRates, number>;
}

export interface SimulationOptions {
  readonly seed: number;
  /** Drawn where it is not given. */
  readonly workerCount?: number | undefined;
  readonly log: Logger;
  /** Gets every line of the trace. */
  readonly print?: ((line: string) => void) | undefined;
}

/** More than any seed needed, five times over: what goes on longer goes round in circles. */
const EVENTS_MAX = 1_500_000;

export async function simulate({ seed, workerCount, log, print }: SimulationOptions): Promise<Outcome> {
  const dice = new Dice(seed);
  const scenario = drawScenario(dice, workerCount);
  const timeline = new Timeline();
  const trace = new Trace(print);
  const checks = await Checks.of(scenario, timeline);
  const faults = new Map<keyof FaultRates, number>();
  let isChaotic = true;
  let isSettled = true;
  const world: World = {
    ...{ scenario, timeline, dice, checks, isWatched: seed % 4 === 0 },
    get isChaotic() {
      return isChaotic;
    },
    note: (what) => trace.note(timeline.nowMs, what),
    harm: (kind) => void faults.set(kind, (faults.get(kind) ?? 0) + 1),
    entered: () => {
      isSettled = false;
    },
  };
  const cluster = new Cluster(world, log);
  const rejected = (error: unknown) =>
    checks.fail(`nobody caught ${error instanceof Error ? error.stack : String(error)}`);
  process.on('unhandledRejection', rejected);
  try {
    cluster.begin();
    new Faults(world, cluster).begin();
    timeline.after(scenario.chaosMs, 'all is calm', () => {
      isChaotic = false;
      cluster.calm();
    });
    const patienceMs = scenario.chaosMs + calmMsMax(scenario);
    while (!checks.violation && trace.count < EVENTS_MAX) {
      const event = timeline.next();
      if (!event) break;
      trace.note(timeline.nowMs, event.label);
      event.act();
      // All that follows from it, before anything else: promises settle within one turn of the event loop.
      if (!isSettled) await new Promise(setImmediate);
      isSettled = true;
      if (cluster.person.isContent) break;
      if (timeline.nowMs > patienceMs) checks.fail(`${whatRuns(cluster)} after ${patienceMs.toFixed(0)} ms`);
    }
    if (trace.count >= EVENTS_MAX) checks.fail(`${whatRuns(cluster)} after ${EVENTS_MAX} events`);
    if (!checks.violation) finalChecks(world, cluster);
  } catch (error) {
    checks.fail(`the simulation broke: ${error instanceof Error ? error.stack : error}`);
  } finally {
    process.off('unhandledRejection', rejected);
  }
  return {
    seed,
    violation: checks.violation?.message,
    scenario,
    eventCount: trace.count,
    virtualMs: timeline.nowMs,
    traceHash: trace.hash,
    lastLines: trace.last,
    faults,
  };
}

/**
 * How long a calm cluster may take for all runs: three times the phases one after the other on one worker each, and for each run
 * as many detections of failures as a worker's longest rest after failures and some more generations take.
 */
function calmMsMax({ runs, gradientMs, networkMs, diskMs, failureDetectionMs }: Scenario): number {
  const phasesMs = runs.map(({ config }) => {
    const shardMs = 8 * gradientMs * config.shards + 40 * networkMs + 20 * diskMs;
    return (config.phases ?? 1) * shardMs;
  });
  return phasesMs.reduce((sum, ms) => sum + 3 * ms, 0) + runs.length * 120 * failureDetectionMs + 60_000;
}

function whatRuns(cluster: Cluster): string {
  const runs = (cluster.person.runs ?? []).map(
    ({ runId, state, phase, why }) => `${runId} is ${state} at ${phase} (${why})`,
  );
  return runs.length === 0 ? 'no run was launched' : runs.join('; ');
}
