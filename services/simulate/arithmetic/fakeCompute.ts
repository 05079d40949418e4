/** What takes the place of the compute thread: the same calls, answered in order, in virtual time, exactly. */
import { must } from '../../errors/invariant.ts';
import { ofNetwork } from '../../gan/layout.ts';
import type { Applied } from '../../gan/replica.ts';
import type { PhasePlan } from '../../plan/phasePlan.ts';
import type { Device } from '../../report/runView.ts';
import type { Compute, ComputeCalls, ComputeVerb } from '../../worker/compute/protocol.ts';
import type { ReplicaCheck, RunCheck } from '../checks/checks.ts';
import { never, type SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';
import { applyMean, nonFiniteTensor, type Places, placesOf, SAMPLE_BYTES, shardGradient } from './gradient.ts';
import { bytesOf, sha256 } from './undisturbed.ts';

type Answers = { [Verb in ComputeVerb]: (request: ComputeCalls[Verb]['request']) => ComputeCalls[Verb]['answer'] };

export class FakeCompute implements Compute {
  readonly device: Device;
  readonly #world: World;
  readonly #process: SimulatedProcess;
  /** How slow this machine is, 1 as usual. */
  readonly #slowness: number;
  readonly #answers: Answers;
  #freeAtMs = 0;
  #run: RunCheck | undefined;
  #replica: ReplicaCheck | undefined;
  #state = new Float32Array();
  #isFlipDue = false;
  readonly #places = new Map<string, Places>();

  constructor(world: World, process: SimulatedProcess, device: Device, slowness: number) {
    this.device = device;
    this.#world = world;
    this.#process = process;
    this.#slowness = slowness;
    this.#answers = this.#verbs();
  }

  /** It compiles nothing. */
  takeFallbacks(): number {
    return 0;
  }

  call<Verb extends ComputeVerb>(
    verb: Verb,
    request: ComputeCalls[Verb]['request'],
  ): Promise<ComputeCalls[Verb]['answer']> {
    if (!this.#process.acts()) return never();
    const { timeline, dice, scenario } = this.#world;
    const isWork = verb === 'gradient' || verb === 'step';
    const usualMs = isWork ? scenario.gradientMs : 0.05 * scenario.gradientMs;
    this.#freeAtMs = Math.max(this.#freeAtMs, timeline.nowMs) + usualMs * this.#slowness * dice.between(0.7, 1.4);
    return new Promise((resolve) => {
      this.#process.after(this.#freeAtMs - timeline.nowMs, verb, () => resolve(this.#answers[verb](request)));
    });
  }

  /** While it computes next, a bit of its state falls over. */
  flipBit(): void {
    this.#isFlipDue = true;
  }

  async close(): Promise<void> {
    this.#replica = undefined;
  }

  #verbs(): Answers {
    const gradient = (plan: PhasePlan, shard: number, samples: Uint8Array | undefined, flat: Float32Array) => {
      const run = must(this.#run, 'run');
      this.#flipIfDue();
      const indices = run.sampled(plan, shard, samples);
      shardGradient(run, plan, shard, indices, this.#state, this.#placesFor(plan), flat);
    };
    const apply = (plan: PhasePlan, sum: Float32Array): Applied => {
      this.#flipIfDue();
      const replica = must(this.#replica, 'replica');
      const places = this.#placesFor(plan);
      const nonFinite = nonFiniteTensor(sum, places);
      if (nonFinite !== undefined) {
        replica.leftOut(plan.phase);
        return { norms: {}, nonFinite };
      }
      applyMean(plan, sum, this.#state, places);
      replica.applied(plan.phase, this.#state);
      return { norms: {}, nonFinite };
    };
    return {
      configure: ({ config }) => {
        this.#run = this.#world.checks.runOf(config);
        this.#places.clear();
        this.#replica = undefined;
        return undefined;
      },
      load: ({ state }) => {
        this.#state = Float32Array.from(state);
        this.#replica = must(this.#run, 'run').loaded(this.#process.name, this.#state);
        return undefined;
      },
      save: () => {
        const state = Float32Array.from(this.#state);
        return { state, sha256: sha256(bytesOf(state)) };
      },
      gradient: ({ plan, shard, network, samples, flat }) => {
        const whole = new Float32Array(flat.length);
        gradient(plan, shard, samples, whole);
        const { slices, statisticsOffset } = this.#placesFor(plan);
        for (const { offset, length } of ofNetwork(slices, network))
          flat.set(whole.subarray(offset, offset + length), offset);
        if (network === plan.updates[0]) flat.set(whole.subarray(statisticsOffset), statisticsOffset);
        return undefined;
      },
      prepare: () => undefined,
      apply: ({ plan, sum }) => apply(plan, sum),
      step: ({ plan, samples, wantStatistics }) => {
        const { length, statisticsOffset } = this.#placesFor(plan);
        const flat = new Float32Array(length);
        gradient(plan, 0, samples, flat);
        const applied = apply(plan, flat);
        return { ...applied, statistics: wantStatistics ? flat.subarray(statisticsOffset) : undefined };
      },
      weightsSha256: () => sha256(bytesOf(this.#state)),
      sample: ({ count }) => new Uint8Array(count * SAMPLE_BYTES),
      averageGap: () => undefined,
      forget: () => {
        this.#run = undefined;
        this.#replica = undefined;
        return undefined;
      },
    };
  }

  #flipIfDue(): void {
    if (!this.#isFlipDue) return;
    this.#isFlipDue = false;
    const { dice } = this.#world;
    const words = new Uint32Array(this.#state.buffer);
    const at = dice.whole(0, words.length - 1);
    // Of the mantissa: what is not finite is another fault.
    words[at] = (words[at] ?? 0) ^ (1 << dice.whole(0, 22));
    this.#world.note(`${this.#process.name} has a wrong bit in value ${at}`);
    must(this.#run, 'run').spoilt();
  }

  #placesFor({ updates }: PhasePlan): Places {
    const key = updates.join();
    const places = this.#places.get(key) ?? placesOf(must(this.#run, 'run').config, updates);
    this.#places.set(key, places);
    return places;
  }
}
