/**
 * What of an iteration hides what: as `worker/trainer.ts` and `compression/` have it. An iteration is one cycle of the
 * schedule: k phases of D and one of G, or the one phase that updates both.
 *
 * - `simultaneous`, fp32 and bf16: D's gradient travels while G's is computed; G's travels while nothing is.
 * - `simultaneous`, PowerSGD: its first round takes factors of both, so that nothing is computed meanwhile.
 * - `alternating`: while D's gradient travels, the fakes of the next phase are made; G's travels while nothing is.
 */
import type { NetworkName, RunConfig } from '../../config/runConfig.ts';
import { SAMPLE_SIZE } from '../networks.ts';
import type { Exchange, Iteration } from './model.ts';
import type { StageTimes } from './stageTimes.ts';

/** What travels of a gradient of these networks, one worker's. */
export interface Travelling {
  readonly updates: readonly NetworkName[];
  /** Of each round, in MB of 10⁶ bytes. */
  readonly roundMegabytes: readonly number[];
  readonly arithmeticMs: number;
}

export interface Costs {
  readonly stages: StageTimes;
  readonly collectiveMsPerMb: number;
  /** See {@link Iteration}. */
  readonly serveMs: number;
}

export function phasesOf({ schedule }: RunConfig): number {
  return schedule.type === 'simultaneous' ? 1 : schedule.discriminatorSteps + 1;
}

/** Phases of an iteration that read data. */
export function dataPhasesOf({ schedule }: RunConfig): number {
  return schedule.type === 'simultaneous' ? 1 : schedule.discriminatorSteps;
}

/** The networks of each kind of phase, and how often an iteration has it. */
export function kindsOfPhases({ schedule }: RunConfig): readonly { updates: NetworkName[]; times: number }[] {
  if (schedule.type === 'simultaneous') return [{ updates: ['discriminator', 'generator'], times: 1 }];
  return [
    { updates: ['discriminator'], times: schedule.discriminatorSteps },
    { updates: ['generator'], times: 1 },
  ];
}

/** @param config one worker's: its batch is what each worker has. `travelling` is of each kind of phase. */
export function iterationOf(config: RunConfig, travelling: readonly Travelling[], costs: Costs): Iteration {
  const { stages, collectiveMsPerMb, serveMs } = costs;
  const kinds = kindsOfPhases(config);
  const dataPhases = dataPhasesOf(config);
  return {
    computeMs: phasesOf(config) * stages.fakes + dataPhases * stages.discriminator + stages.generator + stages.apply,
    exchanges: kinds.flatMap(({ times }, index) => {
      const of = travelling[index];
      return of === undefined ? [] : exchangesOf(config, of, times, stages);
    }),
    collectiveMsPerMb,
    sampleMegabytes: (dataPhases * config.batchSize * SAMPLE_SIZE) / 1e6,
    serveMs,
    phases: phasesOf(config),
    reportEvery: config.reports.everyPhases,
  };
}

function exchangesOf(
  { schedule, collective }: RunConfig,
  { updates, roundMegabytes, arithmeticMs }: Travelling,
  times: number,
  { fakes, generator }: StageTimes,
): Exchange[] {
  if (schedule.type === 'simultaneous' && collective.wireFormat !== 'powersgd') {
    return roundMegabytes.map((megabytes, index) => {
      return { times, megabytes, rounds: 1, arithmeticMs: 0, hiddenMs: updates[index + 1] ? generator : 0 };
    });
  }
  const isFollowedByFakes = !updates.includes('generator');
  return [
    {
      times,
      megabytes: roundMegabytes.reduce((sum, megabytes) => sum + megabytes, 0),
      rounds: roundMegabytes.length,
      arithmeticMs,
      hiddenMs: isFollowedByFakes ? fakes : 0,
    },
  ];
}
