/**
 * One worker beside PyTorch, torch.compile and TensorFlow on one game: the same networks, losses and optimizer, one update
 * of D and one of G an iteration. A process each; they take turns, so that a busy moment of the machine hits all alike.
 */
import type { RunConfig } from '../../config/runConfig.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import { must } from '../../errors/invariant.ts';
import { built, Leftovers } from '../leftovers.ts';
import { median } from '../median.ts';
import { startPython } from '../peerPython.ts';
import type { Game, PeerName } from './games.ts';
import { PeerFailure } from './peerFailure.ts';
import { PeerProcess } from './peerProcess.ts';
import { pythonCase } from './pythonCase.ts';
import { TENSORFLOW_SCRIPT } from './tensorflowScript.ts';
import { TORCH_SCRIPT } from './torchScript.ts';
import { takeTurns } from './turns.ts';

export interface PeerGame extends Pick<Game, 'title' | 'ratioMax'> {
  /** Of each. */
  readonly iterations: number;
  readonly peers: readonly PeerResult[];
}

export type PeerResult = PeerTimes | PeerAbsence;

export interface PeerTimes {
  readonly name: PeerName;
  readonly version: string;
  readonly medianMs: number;
  readonly minMs: number;
}

export interface PeerAbsence {
  readonly name: PeerName;
  /** Why it was not measured. */
  readonly failure: string;
}

/** A multiple of the four: each comes first equally often. */
const TURNS = { rounds: 8, iterations: 5 } as const;
/** They trace, compile and fill caches. */
const WARM_UP_ITERATIONS = 10;

/** A peer that cannot start is absent, with its reason. Throws `backend` where our own cannot, or one breaks off later. */
export async function benchGame(python: string, { title, config, ratioMax }: Game): Promise<PeerGame> {
  const leftovers = new Leftovers();
  const starts = startsOf(leftovers, python, config);
  try {
    const ready: { name: PeerName; peer: PeerProcess }[] = [];
    const absent: PeerAbsence[] = [];
    for (const name of Object.keys(starts) as PeerName[]) {
      const peer = await warmedUp(starts[name]).catch(orFailure);
      if (peer instanceof PeerProcess) ready.push({ name, peer });
      else if (name === 'ganglion') throw peer;
      else absent.push({ name, failure: peer.message });
    }
    const times = await takeTurns(
      ready.map(({ peer }) => peer),
      TURNS,
    );
    const measured = ready.map(({ name, peer: { version } }, index): PeerTimes => {
      const own = must(times[index], 'times');
      return { name, version, medianMs: median(own), minMs: Math.min(...own) };
    });
    const iterations = TURNS.rounds * TURNS.iterations;
    return { title, ratioMax, iterations, peers: [...measured, ...absent] };
  } catch (error) {
    throw error instanceof PeerFailure ? brokenOff(error) : error;
  } finally {
    await leftovers.clear();
  }
}

type Starts = { readonly [Name in PeerName]: () => Promise<PeerProcess> };

function startsOf(leftovers: Leftovers, python: string, config: RunConfig): Starts {
  const game = pythonCase(config);
  const torch = (compiled: boolean) => () => startPython(leftovers, python, TORCH_SCRIPT, { ...game, compiled });
  const own = [built('bench/peers/replicaPeer.js'), JSON.stringify(config)];
  return {
    ganglion: () => PeerProcess.start(leftovers.program(process.execPath, own)),
    torch: torch(false),
    'torch-compile': torch(true),
    tensorflow: () => startPython(leftovers, python, TENSORFLOW_SCRIPT, game),
  };
}

async function warmedUp(start: () => Promise<PeerProcess>): Promise<PeerProcess> {
  const peer = await start();
  await peer.times(WARM_UP_ITERATIONS);
  return peer;
}

function orFailure(error: unknown): PeerFailure {
  if (error instanceof PeerFailure) return error;
  throw error;
}

function brokenOff(cause: PeerFailure): GanglionError {
  return new GanglionError({
    code: 'backend',
    message: `One worker beside its peers could not be measured: ${cause.message}.`,
    remedy: '`ganglion doctor` tells whether our own backend works; --only leaves the part out.',
    cause,
  });
}
