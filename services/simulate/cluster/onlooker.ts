/** Who traces runs while all this happens: that disturbs nothing, comes to an end, and shows clocks as far apart as they are. */
import { GanglionError } from '../../errors/ganglionError.ts';
import type { RunView } from '../../report/runView.ts';
import { gatherTrace, type RecordedTrace } from '../../trace/recordedTrace.ts';
import type { World } from '../world.ts';
import type { CoordinatorNode } from './coordinatorNode.ts';

/** All read one clock, but for how a double adds. */
const CLOCK_MS = 1e-6;

export class Onlooker {
  readonly #world: World;
  readonly #node: CoordinatorNode;
  /** The coordinator's process that was asked, by run. */
  readonly #asked = new Map<string, string>();

  constructor(world: World, node: CoordinatorNode) {
    this.#world = world;
    this.#node = node;
  }

  /** A trace is under way that somebody who lives was asked for. */
  get isWatching(): boolean {
    return [...this.#asked.values()].some((name) => name === this.#node.process?.name);
  }

  look(runs: readonly RunView[]): void {
    const { dice, isWatched } = this.#world;
    if (!isWatched) return;
    for (const { runId, phase, state } of runs) {
      const { coordinator, process } = this.#node;
      const isAsked = process === undefined || this.#asked.get(runId) === process.name;
      if (!coordinator || isAsked || state !== 'running' || !dice.chance(0.3)) continue;
      const asked = { runId, firstPhase: dice.chance(0.5) ? phase + dice.whole(0, 9) : undefined };
      this.#world.note(`somebody traces ${runId} from ${asked.firstPhase ?? 'the next phase'} on`);
      this.#asked.set(runId, process.name);
      this.#world.entered();
      const parts = coordinator.traceRun({ ...asked, phaseCount: dice.whole(1, 9) }, new AbortController().signal);
      let first: readonly string[] = [];
      gatherTrace(runId, parts, ({ workerIds }) => {
        first = workerIds;
      })
        .then(
          (trace) => this.#check(trace, first),
          (error) => this.#failed(error),
        )
        .finally(() => this.#asked.get(runId) === process.name && this.#asked.delete(runId));
    }
  }

  /** `first` are the workers that were asked at the beginning. */
  #check({ runId, firstPhase, phaseCount, processes, spans }: RecordedTrace, first: readonly string[]): void {
    const { checks } = this.#world;
    for (const { process, name, clock, missing, dropped } of processes) {
      if (clock && Math.abs(clock.offsetMs) > clock.uncertaintyMs + CLOCK_MS) {
        checks.fail(`the clock of ${name} is told to be ${clock.offsetMs} ± ${clock.uncertaintyMs} ms from itself`);
      }
      if (dropped > 0) checks.fail(`${dropped} spans of ${name} found no room`);
      const own = spans.get(process) ?? [];
      const phases = own.flatMap((span) => /^phase (\d+): [a-z ]+$/.exec(span.name)?.[1] ?? []);
      const strange = phases.find((phase) => Number(phase) < firstPhase || Number(phase) >= firstPhase + phaseCount);
      if (strange !== undefined) checks.fail(`${name} recorded phase ${strange} of ${runId}, which nobody asked for`);
      // Who joins when the phases are over has nothing to record; what another computed instead is dropped here, and recorded.
      const isFirst = first.some((id) => name === `worker ${id}`) && process <= first.length;
      if (isFirst && missing === '' && own.length === 0) checks.fail(`${name} recorded nothing of ${runId}`);
    }
  }

  /** Refused is fine. */
  #failed(error: unknown): void {
    if (error instanceof GanglionError) return;
    this.#world.checks.fail(`a trace ended with ${error instanceof Error ? error.stack : error}`);
  }
}
