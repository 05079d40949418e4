/** What the bench found, as data. */
import type { Device } from '../report/runView.ts';
import type { ControlPlaneCost } from './controlBench.ts';
import type { DdpBench } from './ddpBench.ts';
import type { EchoBench } from './echoBench.ts';
import type { GlooBench } from './glooBench.ts';
import type { MemoryBench } from './memoryBench.ts';
import type { MendBench } from './mendBench.ts';
import type { NewcomerBench } from './newcomerBench.ts';
import type { PageBench } from './pageBench.ts';
import type { PeersBench } from './peers/peersBench.ts';
import type { RecoveryBench } from './recoveryBench.ts';
import type { ReduceBench } from './reduceBench.ts';
import type { ReplicaBench } from './replicaBench.ts';
import type { RunsBench } from './runsBench.ts';
import type { ScalingBench } from './scaling/scalingBench.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly platform: string;
  readonly node: string;
  /** Processes that wanted a core in the minute before: above 0.5 or so, the figures are another machine's. */
  readonly loadBefore: number;
}

/** What one worker's replica computes on. */
export type ReplicaDevice = Pick<Device, 'backend' | 'backendVersion' | 'intraOpThreads'>;

/** Parts that were not asked for are left out. */
export interface BenchReport {
  readonly machine: Machine;
  readonly replica?: ReplicaBench & { readonly device: ReplicaDevice };
  /** Where a Python with the peers was given. */
  readonly peers?: PeersBench;
  readonly mend?: MendBench;
  readonly reduce?: readonly ReduceBench[];
  readonly echo?: EchoBench;
  /** Where a Python with torch was given. */
  readonly gloo?: GlooBench;
  readonly ddp?: DdpBench;
  readonly recovery?: RecoveryBench;
  readonly runs?: readonly RunsBench[];
  readonly memory?: MemoryBench;
  readonly page?: PageBench;
  readonly newcomer?: NewcomerBench;
  readonly control?: readonly ControlPlaneCost[];
  readonly scaling?: ScalingBench;
}

/** Of the bare loop's time, at most: what this project allows its own replica. */
export const BARE_RATIO_MAX = 1.1;

export function keepsTensorCount({ replica }: BenchReport): boolean {
  return replica === undefined || replica.tensorsBefore === replica.tensorsAfter;
}
