/**
 * How far a run would scale, on paper: a model of an iteration (`model.ts`), fed with what a worker, the all-reduce and the
 * coordinator take on this machine. And what the model says of two workers here, beside what they do.
 */
import { mendKernels } from '../../backend/mends.ts';
import { type Backend, selectBackend } from '../../backend/select.ts';
import type { RunConfig } from '../../config/runConfig.ts';
import { controlPlaneCost } from '../controlBench.ts';
import { benchReduce } from '../reduceBench.ts';
import { gameConfig, gameNames, WIRE_FORMATS, type WireFormat } from './games.ts';
import { iterationOf, phasesOf } from './iteration.ts';
import { type Iteration, type Prediction, predict } from './model.ts';
import { benchPair, type PairBench } from './pairBench.ts';
import { type StageTimes, stageTimes } from './stageTimes.ts';
import { measureTravelling } from './travelling.ts';

export interface ScalingBench {
  readonly collectiveMsPerMb: CollectiveCost;
  /** An all-reduce of 4 kB between two workers: two hops. */
  readonly smallRoundMs: number;
  readonly coordinator: readonly { readonly workers: number; readonly reportMs: number }[];
  readonly games: readonly GameScaling[];
}

/** Of what travels. PowerSGD's factors travel as float32. */
type CollectiveCost = Readonly<Record<'fp32' | 'bf16', number>>;

export interface GameScaling {
  readonly name: string;
  /** Of each worker. */
  readonly batchSize: number;
  readonly stages: StageTimes;
  readonly computeMs: number;
  /** The coordinator's CPU for one worker's iteration, reports apart, as a run of two has it: its samples, mostly. */
  readonly serveMs: number;
  readonly formats: readonly FormatScaling[];
  readonly pair: PairBench & PairPredictions;
}

/** What the model says of two workers on this machine. */
interface PairPredictions {
  readonly predictedMs: number;
  /** Where each has one core, so that no exchange hides behind what is computed. */
  readonly unhiddenMs: number;
}

export interface FormatScaling {
  readonly wireFormat: WireFormat;
  /** Of one worker's gradients, in an iteration. */
  readonly megabytes: number;
  readonly arithmeticMs: number;
  /** For every number of workers, at every speed. */
  readonly predictions: readonly Prediction[];
}

export const SPEEDS = [1, 10, 100] as const;
const FLEETS = [8, 64, 512] as const;
/** On this machine. */
const PAIR = 2;
const ITERATIONS = 20;
/** As the part `reduce` has it. */
const REDUCE = { values: 4_500_000, rounds: 30 } as const;
const SMALL_REDUCE = { values: 1_000, rounds: 200 } as const;

/** @param begin is told what is measured now. */
export async function benchScaling(
  backend: RunConfig['backend'],
  begin: (what: string) => void,
): Promise<ScalingBench> {
  begin(`scaling: the coordinator among ${FLEETS.join(', ')} workers that only talk`);
  const coordinator = await measureCoordinator();
  begin('scaling: the all-reduce between two processes');
  const collectiveMsPerMb = { fp32: await collectiveCost('fp32'), bf16: await collectiveCost('bf16') };
  const { medianMs: smallRoundMs } = await reduceOfTwo(SMALL_REDUCE, 'fp32');
  const device = await selectBackend(backend);
  mendKernels(device);
  const games: GameScaling[] = [];
  for (const name of gameNames()) {
    begin(`scaling: ${name}: a worker, PowerSGD, and a run of two workers`);
    games.push(await measureGame(name, device, backend, { collectiveMsPerMb, coordinator }));
  }
  return { collectiveMsPerMb, smallRoundMs, coordinator, games };
}

/** Those of the table, and the two of this machine. */
async function measureCoordinator(): Promise<ScalingBench['coordinator']> {
  const measure = (workers: number) => controlPlaneCost(workers, 16);
  // The first one pays for the compiler.
  await measure(FLEETS[0]);
  const costs: { workers: number; reportMs: number }[] = [];
  for (const workers of [PAIR, ...FLEETS]) costs.push({ workers, reportMs: (await measure(workers)).phaseCpuMs });
  return costs;
}

function reduceOfTwo({ values, rounds }: { values: number; rounds: number }, wireFormat: 'fp32' | 'bf16') {
  return benchReduce(values, rounds, { road: 'direct', workers: PAIR, wireFormat });
}

/** Wall time of a round, none of it subtracted: a core each and no wire, so that it is CPU but for the waits of two hops. */
async function collectiveCost(wireFormat: 'fp32' | 'bf16'): Promise<number> {
  const { medianMs, bytes } = await reduceOfTwo(REDUCE, wireFormat);
  return medianMs / ((wireFormat === 'bf16' ? bytes / 2 : bytes) / 1e6);
}

async function measureGame(
  name: string,
  { tf, kind }: Backend,
  backend: RunConfig['backend'],
  { collectiveMsPerMb, coordinator }: Pick<ScalingBench, 'collectiveMsPerMb' | 'coordinator'>,
): Promise<GameScaling> {
  const config = gameConfig(name, 1, 'fp32', backend);
  const stages = stageTimes(tf, kind, config, ITERATIONS);
  const measured = await benchPair(gameConfig(name, PAIR, 'fp32', backend));
  const reportsMs = (phasesOf(config) / config.reports.everyPhases) * (coordinator[0]?.reportMs ?? 0);
  const serveMs = Math.max(0, measured.coordinatorMs - reportsMs) / PAIR;
  const iterationIn = async (wireFormat: WireFormat): Promise<Iteration> => {
    const own = gameConfig(name, 1, wireFormat, backend);
    const cost = collectiveMsPerMb[wireFormat === 'bf16' ? 'bf16' : 'fp32'];
    return iterationOf(own, await measureTravelling(own), { stages, collectiveMsPerMb: cost, serveMs });
  };
  const formats: FormatScaling[] = [];
  for (const wireFormat of WIRE_FORMATS) {
    const iteration = await iterationIn(wireFormat);
    const predictions = coordinator
      .filter(({ workers }) => workers !== PAIR)
      .flatMap((fleet) => SPEEDS.map((gigabitsPerSecond) => predict(iteration, { ...fleet, gigabitsPerSecond })));
    formats.push({ wireFormat, ...sumsOf(iteration), predictions });
  }
  const plain = await iterationIn('fp32');
  return {
    ...{ name, batchSize: config.batchSize, stages, computeMs: plain.computeMs, serveMs, formats },
    pair: { ...measured, ...pairPredictions(plain) },
  };
}

/** Neither a wire nor reports that keep anybody waiting. */
const HERE = { workers: PAIR, gigabitsPerSecond: Number.POSITIVE_INFINITY, reportMs: 0 } as const;

function pairPredictions(iteration: Iteration) {
  const unhidden = { ...iteration, exchanges: iteration.exchanges.map((one) => ({ ...one, hiddenMs: 0 })) };
  return { predictedMs: predict(iteration, HERE).iterationMs, unhiddenMs: predict(unhidden, HERE).iterationMs };
}

function sumsOf({ exchanges }: Iteration) {
  const sum = (of: 'megabytes' | 'arithmeticMs') => exchanges.reduce((all, one) => all + one.times * one[of], 0);
  return { megabytes: sum('megabytes'), arithmeticMs: sum('arithmeticMs') };
}
