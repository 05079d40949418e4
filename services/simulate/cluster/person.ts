/** Who launches the runs, pauses, cancels and resumes them, and looks after them when all is calm. */
import { toYaml } from '../../config/resolve.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { RunView } from '../../report/runView.ts';
import type { World } from '../world.ts';
import type { CoordinatorNode } from './coordinatorNode.ts';
import { Onlooker } from './onlooker.ts';

/** Between two looks. */
const LOOKS_MS = 2_500;

export class Person {
  readonly #world: World;
  readonly #node: CoordinatorNode;
  readonly #onlooker: Onlooker;
  /** Names of runs whose launch is under way, by the coordinator that was asked. */
  readonly #launching = new Map<string, string>();

  #isContent = false;

  constructor(world: World, node: CoordinatorNode) {
    this.#world = world;
    this.#node = node;
    this.#onlooker = new Onlooker(world, node);
  }

  /** Looks again and again: what is not there is launched, and in the calm what rests is resumed. */
  begin(): void {
    const again = () => {
      const { runs } = this;
      if (runs) {
        this.#look(runs);
        this.#onlooker.look(runs);
      }
      const isAllDone = runs !== undefined && this.#isAllDone(runs) && !this.#onlooker.isWatching;
      this.#isContent = !this.#world.isChaotic && isAllDone;
      this.#world.timeline.after(LOOKS_MS, 'a person looks', again);
    };
    this.#world.timeline.after(0, 'a person looks', again);
  }

  /** At the last look all was calm, and every run over. */
  get isContent(): boolean {
    return this.#isContent;
  }

  /** The runs as the coordinator shows them; undefined while nobody answers. */
  get runs(): RunView[] | undefined {
    return this.#node.coordinator?.listRuns();
  }

  /** False where there is no run to ask for. */
  ask(verb: 'pause' | 'cancel' | 'resumeOlder'): boolean {
    const { dice } = this.#world;
    const runs = this.runs ?? [];
    if (runs.length === 0) return false;
    const { runId, checkpointPhases } = dice.pick(runs);
    this.#do(verb, runId, verb === 'resumeOlder' ? dice.pick(checkpointPhases) : undefined);
    return true;
  }

  #isAllDone(runs: readonly RunView[]): boolean {
    return runs.length === this.#world.scenario.runs.length && runs.every((run) => this.#isOver(run));
  }

  #look(runs: readonly RunView[]): void {
    const { process } = this.#node;
    if (!process) return;
    for (const { config } of this.#world.scenario.runs) {
      if (runs.some(({ runId }) => runId.startsWith(`${config.name}-`))) continue;
      if (this.#launching.get(config.name) === process.name) continue;
      this.#launching.set(config.name, process.name);
      this.#ask(
        async () => this.#node.coordinator?.createRun(toYaml(config), false),
        () => this.#launching.delete(config.name),
      );
    }
    const mayResume = !this.#world.isChaotic || this.#world.dice.chance(0.1);
    for (const run of runs) {
      const rests = run.state === 'paused' || run.state === 'failed' || run.state === 'cancelled';
      if (mayResume && rests && (this.#world.isChaotic || !this.#isOver(run))) this.#do('resume', run.runId);
    }
  }

  #isOver(run: RunView): boolean {
    return this.#world.checks.runWithId(run.runId).isOver(run);
  }

  #do(verb: 'pause' | 'cancel' | 'resume' | 'resumeOlder', runId: string, phase?: number): void {
    this.#world.note(`a person asks to ${verb} ${runId}${phase === undefined ? '' : ` from ${phase}`}`);
    this.#ask(async () => {
      const coordinator = this.#node.coordinator;
      if (verb === 'pause') await coordinator?.pauseRun(runId);
      else if (verb === 'cancel') await coordinator?.cancelRun(runId);
      else await coordinator?.resumeRun(runId, phase);
    });
  }

  /** Refused is fine; anything but a GanglionError is a bug. */
  #ask(work: () => Promise<unknown>, done: () => void = () => undefined): void {
    this.#world.entered();
    work().then(done, (error) => {
      done();
      if (!(error instanceof GanglionError))
        this.#world.checks.fail(`a person was answered ${error instanceof Error ? error.stack : error}`);
    });
  }
}
