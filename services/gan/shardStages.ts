/**
 * A phase's stages, shard by shard: runs each when it is asked for, and keeps on the device what the later ones need, until
 * the last one of the phase has run.
 */
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { Compiler } from '../compile/compiler.ts';
import type { NetworkName } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import type { SampleRange } from '../plan/shards.ts';
import { fakesInputs, inputsOfStage, type PhaseInputs, passInputs, type Reals } from './phaseInputs.ts';
import { type Game, runStage, type Stage, type StageResult, stageKey, waitsForShards } from './stages.ts';
import { type Synchronised, unpaused } from './synchronised.ts';

export interface ShardOfPhase {
  readonly plan: PhasePlan;
  readonly shard: number;
  /** Its samples in the minibatch; at least one. */
  readonly range: SampleRange;
}

export interface ShardStages {
  /** Makes the fakes, unless they are there. */
  prepare(of: ShardOfPhase): void;
  /**
   * The gradient of one network. In the order of the phase's updates; the result belongs to the caller's tidy.
   * @param reals undefined in a phase that reads none.
   */
  run(of: ShardOfPhase, network: NetworkName, reals: Reals | undefined): Synchronised<StageResult>;
  /** Forgets what was made ahead. */
  clear(): void;
}

interface Open {
  readonly phase: number;
  readonly kept: Record<string, Tensor>;
}

interface Form {
  readonly gradientCount: number;
  readonly momentCount: number;
  readonly hasLogits: boolean;
  readonly hasPenalty: boolean;
  readonly carried: readonly string[];
}

export function createShardStages(game: Game, compiler: Compiler): ShardStages {
  const { tf } = game;
  const openShards = new Map<number, Open>();
  /** By computation: where in its outputs lies what. */
  const forms = new Map<string, Form>();

  function* compute(stage: Stage, { plan, range }: ShardOfPhase, given: PhaseInputs): Synchronised<StageResult> {
    if (waitsForShards(game.config, stage)) return yield* runStage(game, stage, plan, inputsOfStage(stage, given));
    const key = `${stageKey(game, stage, plan)}, ${range.count} samples`;
    const outputs = compiler.gradient(key, inputsOfStage(stage, given), (tensors) => {
      const { gradients, moments, logits, penalty, carried } = unpaused(runStage(game, stage, plan, tensors));
      forms.set(key, {
        gradientCount: gradients.length,
        momentCount: moments.length,
        hasLogits: logits !== undefined,
        hasPenalty: penalty !== undefined,
        carried: Object.keys(carried),
      });
      const single = [logits, penalty].filter((tensor) => tensor !== undefined);
      return [...gradients, ...moments, ...single, ...Object.values(carried)];
    });
    const { gradientCount, momentCount, hasLogits, hasPenalty, carried } = must(forms.get(key), 'form of the outputs');
    const logitsAt = gradientCount + momentCount;
    const penaltyAt = logitsAt + (hasLogits ? 1 : 0);
    const behind = outputs.slice(penaltyAt + (hasPenalty ? 1 : 0));
    return {
      gradients: outputs.slice(0, gradientCount),
      moments: outputs.slice(gradientCount, logitsAt),
      logits: hasLogits ? (outputs[logitsAt] as Tensor2D) : undefined,
      penalty: hasPenalty ? (outputs[penaltyAt] as Scalar) : undefined,
      carried: Object.fromEntries(carried.map((name, index) => [name, must(behind[index], name)])),
    };
  }

  function* open(of: ShardOfPhase): Synchronised<Open> {
    const { plan, shard, range } = of;
    const found = openShards.get(shard);
    if (found?.phase === plan.phase) return found;
    close(shard);
    // What was made ahead for shards that others own now.
    for (const [other, { phase }] of openShards) if (phase < plan.phase) close(other);
    const opened = { phase: plan.phase, kept: {} };
    openShards.set(shard, opened);
    keep(opened, fakesInputs(game, plan.phase, range));
    try {
      keep(opened, (yield* compute('fakes', of, opened.kept)).carried);
    } catch (error) {
      // Made ahead, they are asked for once more: what went wrong is told then.
      close(shard);
      throw error;
    }
    return opened;
  }

  function keep({ kept }: Open, tensors: PhaseInputs): void {
    for (const [name, tensor] of Object.entries(tensors)) {
      // There already where a phase broke off in the middle and is computed again.
      kept[name]?.dispose();
      kept[name] = tf.keep(tensor);
    }
  }

  function close(shard: number): void {
    for (const tensor of Object.values(openShards.get(shard)?.kept ?? {})) tensor.dispose();
    openShards.delete(shard);
  }

  return {
    prepare: (of) => tf.tidy(() => void unpaused(open(of))),
    *run(of, network, reals) {
      const { plan, shard, range } = of;
      const isFirst = network === plan.updates[0];
      // Where a phase broke off and begins anew, each shard must take part in every exchange again.
      if (isFirst && waitsForShards(game.config, 'fakes')) close(shard);
      const opened = yield* open(of);
      if (isFirst) keep(opened, passInputs(game, plan, range, reals));
      const result = yield* compute(network, of, opened.kept);
      keep(opened, result.carried);
      if (network === plan.updates.at(-1)) close(shard);
      return result;
    },
    clear: () => {
      for (const shard of [...openShards.keys()]) close(shard);
    },
  };
}
