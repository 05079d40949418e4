/** What the live page is told, as JSON in server-sent events. Types alone: the browser reads them as they are written here. */
import type { Measured } from '../../report/evaluation.ts';
import type { RunState } from '../../report/runEvent.ts';
import type { Lane, RunGlance } from '../../report/runView.ts';

/** Event `overview`: what the coordinator has. */
export interface Overview {
  /** Newest first. */
  readonly runs: readonly RunLine[];
  /** Older ones that are not among them. */
  readonly runsLeft: number;
  readonly workers: readonly WorkerLine[];
}

export interface RunLine {
  readonly runId: string;
  readonly state: RunState;
  readonly phase: number;
  readonly totalPhases: number;
  readonly alarms: number;
}

export interface WorkerLine {
  readonly workerId: string;
  /** Empty when idle. */
  readonly runId: string;
  readonly activity: string;
  /** `tensorflow 2.21.0, 2 cores` */
  readonly device: string;
}

/** Event `run`: what is new of one run since the event before, or everything. Its id is a cursor, see `RunStory`. */
export interface RunFrame {
  /** Everything: what was known before is not of this history. */
  readonly whole: boolean;
  /** When the newest event was told, in milliseconds since 1970. */
  readonly timeMs: number;
  readonly run: RunGlance;
  readonly lanes: readonly Lane[];
  readonly game: Game;
  readonly curves: CurvesPart | undefined;
  readonly happenings: readonly Happening[];
  /** Pictures of samples. */
  readonly pictures: readonly PictureLine[];
  readonly evaluations: readonly EvaluationLine[];
}

/** Event `problem`: why a run cannot be shown. */
export interface Problem {
  readonly message: string;
}

/** What follows from the run's config alone. */
export interface Game {
  /** Of the objective: with `log`, D(x) is a probability, and the game's value has a known end. */
  readonly loss: string;
  readonly dataset: string;
  readonly batchSize: number;
  readonly shards: number;
  readonly seed: number;
  /** Of one sample. */
  readonly shape: readonly number[];
  /** How samples are looked at: as pictures, on the line by D and the densities, or as points in the plane. */
  readonly look: 'pictures' | 'line' | 'plane';
  /** Where the data's modes are in the plane, and within which radius a fake is one of theirs. */
  readonly modes: readonly { readonly mean: readonly number[]; readonly radius: number }[];
}

/** Curves in buckets of `width` phases: those before `from` are as they were. */
export interface CurvesPart {
  readonly width: number;
  /** Index of the first bucket in the columns. */
  readonly from: number;
  /** By name: statistics, timings, rates. */
  readonly columns: Readonly<Record<string, Column>>;
}

/** null where a bucket has no report. */
export interface Column {
  readonly mean: readonly (number | null)[];
  /** Left out where a bucket has one phase. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

export interface PictureLine {
  readonly sequence: number;
  /** Phases applied when it was drawn. */
  readonly phase: number;
  /** File name in the run folder. */
  readonly artifact: string;
}

export interface EvaluationLine {
  readonly sequence: number;
  readonly phase: number;
  readonly measures: readonly Measured[];
}

interface Told {
  readonly sequence: number;
  readonly timeMs: number;
  readonly phase: number;
  /** A sentence. */
  readonly why: string;
}

/** What happened to a run, in the order in which it did. */
export type Happening =
  | (Told & { readonly kind: 'state'; readonly state: RunState })
  | (Told & { readonly kind: 'membership'; readonly generation: number; readonly workers: readonly string[] })
  | (Told & { readonly kind: 'alarm'; readonly name: string; readonly active: boolean; readonly advice: string })
  | (Told & { readonly kind: 'evaluation' });

/** /runs/ID/checkpoints, newest first. */
export interface CheckpointLine {
  readonly phase: number;
  readonly savedAtMs: number;
  readonly fileBytes: number;
  readonly weightsSha256: string;
  /** Files in the run folder. */
  readonly manifest: string;
  readonly state: string;
}

/** /runs/ID/figure1: the game on the line, a frame a checkpoint. */
export interface Figure1Frames {
  readonly low: number;
  readonly high: number;
  /** Whether D is a probability. */
  readonly isProbability: boolean;
  readonly latentRange: readonly [number, number];
  /** p_data at cells from low to high. */
  readonly data: readonly number[];
  readonly frames: readonly Figure1Frame[];
}

export interface Figure1Frame {
  readonly phase: number;
  /** p_g and D at the same cells. */
  readonly generated: readonly number[];
  readonly discriminator: readonly number[];
  readonly arrows: readonly { readonly z: number; readonly x: number }[];
}
