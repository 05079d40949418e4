/** The run folders' checkpoints, as the store keeps them: the newest three, and those newer than the one that is saved. */
import type { Scenario } from './scenario.ts';

/** Phases applied, and whether a bit of it fell over: what follows from that is wrong too. */
export interface FakeState {
  readonly phase: number;
  readonly wrong: boolean;
}

export function hashOf({ phase, wrong }: FakeState): string {
  return `hash-${phase}${wrong ? '-wrong' : ''}`;
}

const KEPT = 3;

export class FakeDisk {
  readonly #story: Scenario;
  readonly #byRun = new Map<string, Map<number, FakeState>>();

  constructor(story: Scenario) {
    this.#story = story;
  }

  store(runId: string, state: FakeState): void {
    const found = this.#byRun.get(runId) ?? new Map([[0, { phase: 0, wrong: false }]]);
    const all = [...found.set(state.phase, state).keys()].sort((a, b) => a - b);
    const surplus = all.slice(0, Math.max(0, all.length - KEPT)).filter((old) => old < state.phase);
    for (const old of surplus) found.delete(old);
    this.#byRun.set(runId, found);
    const checkpoint = { phase: state.phase, weightsSha256: hashOf(state) };
    const { generation } = this.#story.run(runId);
    this.#story.on({ type: 'checkpointStored', runId, generation, checkpoint, kept: [...found.keys()] });
  }

  read(runId: string, phase: number): FakeState | undefined {
    return this.#byRun.get(runId)?.get(phase) ?? (phase === 0 ? { phase: 0, wrong: false } : undefined);
  }
}
