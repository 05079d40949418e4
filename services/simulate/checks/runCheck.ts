/** What must hold of one run. */
import type { RunConfig } from '../../config/runConfig.ts';
import type { Assignment, PhaseReport } from '../../control/messages.ts';
import { must } from '../../errors/invariant.ts';
import { type PhasePlan, planPhase, totalPhases } from '../../plan/phasePlan.ts';
import type { RunView } from '../../report/runView.ts';
import { type Poison, SAMPLE_BYTES, type SimulatedRun } from '../arithmetic/gradient.ts';
import { computeUndisturbed, samplesOf, type UndisturbedRun } from '../arithmetic/undisturbed.ts';

/** One replica's history: each phase once, from one state to the next. */
export interface ReplicaCheck {
  applied(phase: number, state: Float32Array): void;
  /** The gradient of a phase is not finite, and changed nothing. */
  leftOut(phase: number): void;
}

export class RunCheck {
  readonly config: RunConfig;
  readonly datasetSize: number;
  readonly poison: Poison | undefined;
  readonly #undisturbed: UndisturbedRun;
  readonly #fail: (what: string) => void;
  /** Who was in each generation, as its first assignment said, and from which phase it went on. */
  readonly #generations = new Map<number, string>();
  /** What was fed into the gradients of each phase that reads data. */
  readonly #sampled = new Map<number, Set<number>>();
  /** Who has a replica, and whether its state may be another than the undisturbed run's. */
  readonly #replicas = new Map<string, 'right' | 'spoilt'>();
  #highest = 0;

  static async of(run: SimulatedRun, fail: (what: string) => void): Promise<RunCheck> {
    return new RunCheck(run, await computeUndisturbed(run), fail);
  }

  private constructor(run: SimulatedRun, undisturbed: UndisturbedRun, fail: (what: string) => void) {
    this.config = run.config;
    this.datasetSize = run.datasetSize;
    this.poison = run.poison;
    this.#undisturbed = undisturbed;
    this.#fail = (what) => fail(`run ${run.config.name}: ${what}`);
  }

  /** Where it ends: with all phases, or before one whose gradient is not finite. */
  get lastPhase(): number {
    return this.#undisturbed.lastPhase;
  }

  /** Whether nothing is left to do for it. */
  isOver({ state, phase, why }: Pick<RunView, 'state' | 'phase' | 'why'>): boolean {
    if (this.lastPhase === totalPhases(this.config, this.datasetSize)) return state === 'completed';
    return state === 'failed' && phase === this.lastPhase && /is not finite/.test(why);
  }

  get finalSha256(): string {
    return must(this.#undisturbed.wholeHashes.at(-1), 'hash');
  }

  /** The furthest that any replica ever was. */
  get highest(): number {
    return this.#highest;
  }

  /** Of the checkpoint. */
  hashAt(phase: number): string {
    return must(this.#undisturbed.wholeHashes[phase], `hash of phase ${phase}`);
  }

  /** A replica has a state now: one of the undisturbed run's, or that of another which is not found to be spoilt yet. */
  loaded(who: string, state: Float32Array): ReplicaCheck {
    const bytes = Buffer.from(state.buffer, state.byteOffset, state.byteLength);
    // Two where a phase was left out.
    const found = this.#undisturbed.states.flatMap((expected, phase) => (expected.equals(bytes) ? [phase] : []));
    const isSpoilt = found.length === 0 && [...this.#replicas.values()].includes('spoilt');
    if (found.length === 0 && !isSpoilt) this.#fail(`${who} loads a state that the undisturbed run never had`);
    this.#replicas.set(who, isSpoilt ? 'spoilt' : 'right');
    let phases = isSpoilt ? undefined : found;
    const follows = (phase: number) => {
      if (phases?.includes(phase) === false) {
        this.#fail(`${who} applies phase ${phase} to the state after ${phases.join(' or ')} phases`);
      }
    };
    return {
      applied: (phase, after) => {
        follows(phase);
        phases = [phase + 1];
        this.#sameAsUndisturbed(who, phase + 1, after);
      },
      leftOut: (phase) => {
        follows(phase);
        if (phase !== this.poison?.phase) this.#fail(`${who} leaves out phase ${phase}, whose gradient is finite`);
        if (this.config.onNonFinite === 'skip-phase') phases = [phase + 1];
      },
    };
  }

  /** A bit of a replica fell over: what it computes is in everybody's sums, until they load a state that is right. */
  spoilt(): void {
    for (const who of this.#replicas.keys()) this.#replicas.set(who, 'spoilt');
  }

  /** Decodes a shard's samples, and compares them with what the shard is made of. */
  sampled(plan: PhasePlan, shard: number, samples: Uint8Array | undefined): number[] {
    const expected = samplesOf(this.config, this.datasetSize, plan, shard);
    const found: number[] = [];
    const bytes = Buffer.from(samples ?? []);
    for (let offset = 0; offset < bytes.length; offset += SAMPLE_BYTES) found.push(bytes.readUInt32LE(offset));
    if (found.join() !== expected.join()) {
      this.#fail(`shard ${shard} of phase ${plan.phase} got the samples ${found.join()}, not ${expected.join()}`);
    }
    const ledger = this.#sampled.get(plan.phase) ?? new Set();
    this.#sampled.set(plan.phase, ledger);
    for (const sample of found) ledger.add(sample);
    return found;
  }

  assigned(from: string, { generation, members, phase }: Assignment): void {
    const now = JSON.stringify({ members, phase });
    const before = this.#generations.get(generation);
    if (before !== undefined && before !== now) {
      this.#fail(`${from} gives generation ${generation} to ${now}, which ${before} had`);
    }
    this.#generations.set(generation, now);
    const dealt = members.flatMap(({ shards }) => shards).sort((a, b) => a - b);
    const all = Array.from({ length: this.config.shards }, (_, shard) => shard);
    if (dealt.join() !== all.join()) this.#fail(`generation ${generation} deals the shards ${dealt.join()}`);
  }

  reported(from: string, { phase, weightsSha256 }: PhaseReport): void {
    if (this.#replicas.get(from) === 'spoilt') return;
    if (weightsSha256 !== '' && weightsSha256 !== this.#undisturbed.hashes[phase + 1]) {
      this.#fail(`${from} reports another hash after phase ${phase} than the undisturbed run had`);
    }
  }

  /** Every sample of an epoch went into exactly one phase of it. */
  checkLedger(): void {
    const epochs = new Map<number, number[]>();
    for (let phase = 0; phase < this.lastPhase; phase++) {
      const plan = planPhase(this.config, this.datasetSize, phase);
      if (plan.minibatch === undefined) continue;
      const used = [...(this.#sampled.get(phase) ?? [])];
      if (used.length !== plan.sampleCount)
        this.#fail(`phase ${phase} used ${used.length} of ${plan.sampleCount} samples`);
      epochs.set(plan.epoch, [...(epochs.get(plan.epoch) ?? []), ...used]);
    }
    for (const [epoch, used] of epochs) {
      if (new Set(used).size !== used.length) this.#fail(`epoch ${epoch} used a sample twice`);
      if (used.length > this.datasetSize) this.#fail(`epoch ${epoch} used ${used.length} samples`);
    }
  }

  #sameAsUndisturbed(who: string, phase: number, state: Float32Array): void {
    this.#highest = Math.max(this.#highest, phase);
    if (this.#replicas.get(who) === 'spoilt') return;
    const bytes = Buffer.from(state.buffer, state.byteOffset, state.byteLength);
    if (this.#undisturbed.states[phase]?.equals(bytes)) return;
    this.#fail(`${who} has another state after ${phase} phases than the undisturbed run`);
  }
}
