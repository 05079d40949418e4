/**
 * What an iteration takes among n workers, from what its parts take on this machine. Pure arithmetic, no measurement.
 *
 * The all-reduce: every worker sends 2(n−1)/n gradients and receives as many (Rabenseifner 2004), and two messages to each of
 * its n−1 peers. A worker has one core for its tensors and one for its sockets, so that an exchange hides behind what is
 * computed meanwhile; its link is as fast as any other's, and carries as much both ways at once.
 *
 * The coordinator is a bound, not a part: no worker waits for it inside a phase, but reports and samples must keep up.
 */

/** Of a message to a peer: the socket's and the event loop's work on both sides. Assumed, whatever the machine. */
export const MESSAGE_MS = 0.05;

export interface Exchange {
  /** How often in an iteration. */
  readonly times: number;
  /** Of one worker's gradient as it travels, in all rounds; 1 MB = 10⁶ bytes. */
  readonly megabytes: number;
  /** Of two hops each. */
  readonly rounds: number;
  /** Of the compression, on the socket's core, before and after its rounds. */
  readonly arithmeticMs: number;
  /** What the other core computes meanwhile. */
  readonly hiddenMs: number;
}

/** What an iteration is, whatever the number of workers. */
export interface Iteration {
  /** Gradients and updates of one worker. */
  readonly computeMs: number;
  readonly exchanges: readonly Exchange[];
  /** CPU of the all-reduce, by what travels, between two workers (each sends and receives one gradient). */
  readonly collectiveMsPerMb: number;
  /** Samples that the coordinator sends each worker. */
  readonly sampleMegabytes: number;
  /** CPU of the coordinator for each worker, reports apart: to gather its samples and to send them. */
  readonly serveMs: number;
  readonly phases: number;
  /** Phases between two reports. */
  readonly reportEvery: number;
}

export interface Fleet {
  readonly workers: number;
  /** Of every link, each way; Infinity where workers share a machine. */
  readonly gigabitsPerSecond: number;
  /** The coordinator's CPU for a phase that all of them report. */
  readonly reportMs: number;
}

export type ExchangePart = 'wire' | 'collective' | 'messages' | 'arithmetic';
/** What an iteration spends most of its time with, or waits for: `link` is the coordinator's, for samples. */
export type Bound = 'compute' | ExchangePart | 'coordinator' | 'link';

export interface Prediction {
  readonly workers: number;
  readonly gigabitsPerSecond: number;
  readonly iterationMs: number;
  /** Of the exchange, what nothing hides. */
  readonly exposedMs: number;
  /** An iteration of one worker alone, by this one: 1 where n workers compute n times as many samples in its time. */
  readonly efficiency: number;
  readonly bound: Bound;
}

export function predict(iteration: Iteration, fleet: Fleet): Prediction {
  const { computeMs, exchanges } = iteration;
  const parts = exchanges.map((exchange) => exchangeParts(exchange, iteration, fleet));
  const exposedMs = exchanges.reduce((sum, { times, hiddenMs }, index) => {
    const exchangeMs = Object.values(parts[index] ?? {}).reduce((all, ms) => all + ms, 0);
    return sum + times * Math.max(0, exchangeMs - hiddenMs);
  }, 0);
  const workersMs = computeMs + exposedMs;
  const coordinatorMs = coordinatorMsOf(iteration, fleet);
  const linkMs = fleet.workers * wireMs(iteration.sampleMegabytes, fleet);
  const iterationMs = Math.max(workersMs, coordinatorMs, linkMs);
  return {
    workers: fleet.workers,
    gigabitsPerSecond: fleet.gigabitsPerSecond,
    iterationMs,
    exposedMs,
    efficiency: computeMs / iterationMs,
    bound: boundOf({ workersMs, coordinatorMs, linkMs, computeMs, exposedMs }, longestPart(exchanges, parts)),
  };
}

/** The ms of one exchange. Sending and the CPU that it takes overlap, frame by frame: the longer one counts, the other is 0. */
export function exchangeParts(
  { megabytes, rounds, arithmeticMs }: Exchange,
  { collectiveMsPerMb }: Pick<Iteration, 'collectiveMsPerMb'>,
  fleet: Pick<Fleet, 'workers' | 'gigabitsPerSecond'>,
): Record<ExchangePart, number> {
  const peers = fleet.workers - 1;
  const travelling = ((2 * peers) / fleet.workers) * megabytes;
  const [wire, collective] = [wireMs(travelling, fleet), travelling * collectiveMsPerMb];
  return {
    wire: wire > collective ? wire : 0,
    collective: wire > collective ? 0 : collective,
    messages: 2 * rounds * peers * MESSAGE_MS,
    arithmetic: peers > 0 ? arithmeticMs : 0,
  };
}

/** 1 Gb/s is 0.125 MB a ms. */
function wireMs(megabytes: number, { gigabitsPerSecond }: Pick<Fleet, 'gigabitsPerSecond'>): number {
  return (8 * megabytes) / gigabitsPerSecond;
}

/** Its one thread reads reports and sends samples. */
function coordinatorMsOf({ phases, reportEvery, serveMs }: Iteration, { workers, reportMs }: Fleet): number {
  return (phases / reportEvery) * reportMs + workers * serveMs;
}

interface Times {
  readonly workersMs: number;
  readonly coordinatorMs: number;
  readonly linkMs: number;
  readonly computeMs: number;
  readonly exposedMs: number;
}

/** The collective takes over where what nothing hides of it is longer than the computation. */
function boundOf({ workersMs, coordinatorMs, linkMs, computeMs, exposedMs }: Times, longest: ExchangePart): Bound {
  if (Math.max(coordinatorMs, linkMs) > workersMs) return coordinatorMs > linkMs ? 'coordinator' : 'link';
  return exposedMs > computeMs ? longest : 'compute';
}

function longestPart(exchanges: readonly Exchange[], parts: readonly Record<ExchangePart, number>[]): ExchangePart {
  const sumOf = (part: ExchangePart) =>
    exchanges.reduce((sum, { times }, index) => sum + times * (parts[index]?.[part] ?? 0), 0);
  const all = ['wire', 'collective', 'messages', 'arithmetic'] as const;
  return all.reduce((longest, part) => (sumOf(part) > sumOf(longest) ? part : longest));
}
