/** What seeds of the simulation came to, as a person reads it. */
import type { FaultRates } from '../simulate/faults/faultRates.ts';
import type { Tally } from '../simulate/tally.ts';

/** What is checked in each seed: see `services/simulate/checks`. */
export const PROMISES = [
  'every run ends with the weights of the run that nothing disturbs, bit for bit',
  'no replica skips a phase, or applies one twice',
  'every sample of an epoch is in one phase of it',
  'a history tells nothing twice, and its checkpoints are the run’s own',
  'nobody who was heard is taken for lost, and no queue grows without end',
  'every run is done in time once faults have ended',
];

export function fieldsOf(tally: Tally, first: number, seconds: number): (readonly [string, string])[] {
  const { seeds, runs, workers, events, virtualMs, broken } = tally;
  const verdict = broken.length === 0 ? 'all held' : `${count(broken.length)} broken`;
  return [
    ['Seeds', `${seeds === 1 ? first : `${first} to ${first + seeds - 1}`}: ${verdict}`],
    ...broken.map(({ seed, violation }) => ['Broken', `seed ${seed}: ${violation}`] as const),
    ['Clusters', `${count(seeds)}; ${count(workers)} workers, ${count(runs)} runs`],
    ['Time', `${long(virtualMs)} of virtual time in ${seconds.toFixed(1)} s, ${count(events)} events`],
    ['Faults', faultsText(tally.faults)],
    ...PROMISES.map((promise, index) => [index === 0 ? 'Promises' : '', promise] as const),
  ];
}

function faultsText(faults: Tally['faults']): string {
  const sums = Object.entries(KINDS).map(([name, kinds]) => [name, sumOf(faults, kinds)] as const);
  const met = sums.filter(([, sum]) => sum > 0);
  return met.map(([name, sum]) => `${count(sum)} ${name}`).join(', ') || 'none';
}

function sumOf(faults: Tally['faults'], kinds: readonly (keyof FaultRates)[]): number {
  return kinds.reduce((sum, kind) => sum + (faults[kind] ?? 0), 0);
}

const KINDS = {
  'deaths of workers': ['killWorker', 'killWorkerAtAct'],
  'deaths of the coordinator': ['killCoordinator', 'killCoordinatorAtAct'],
  stalls: ['stallWorker', 'stallCoordinator'],
  'broken connections': ['loseConnections', 'breakConnections'],
  partitions: ['partition', 'partWorkers'],
  'damaged frames': ['damagedFrame'],
  'disk faults': ['fullDisk', 'writeError', 'slowWrite'],
  'flipped bits': ['flipBit'],
  'second processes of one name': ['twin'],
  drains: ['drain'],
  'orders of a person': ['pause', 'cancel', 'resumeOlder'],
} as const satisfies Record<string, readonly (keyof FaultRates)[]>;

function count(number: number): string {
  return number.toLocaleString('en');
}

function long(ms: number): string {
  return ms < 3_600_000 ? `${(ms / 60_000).toFixed(1)} minutes` : `${(ms / 3_600_000).toFixed(1)} hours`;
}
