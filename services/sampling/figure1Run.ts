/** Figure 1 of Goodfellow et al. 2014 from a run on the line: out of its checkpoints, as a picture and as a film. */
import type { BackendKind } from '../backend/select.ts';
import { checkpointPhases } from '../checkpoint/verify.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { classesOf } from '../gan/labels.ts';
import { encodeApng } from '../picture/apng.ts';
import { type Figure1, figure1 } from '../picture/figure1.ts';
import { PAPER } from '../picture/palette.ts';
import { svgToPixels, svgToPng } from '../picture/raster.ts';
import { svg } from '../picture/svg.ts';
import { figure1Stages, type Moment } from './figure1Stages.ts';
import { type LineStage, type LineView, lineStage, lineView } from './line.ts';
import { loadGan } from './loadGan.ts';
import { openRunFolder } from './runFolder.ts';
import { openTrainingSamples } from './trainingSamples.ts';

export interface Figure1Request {
  readonly backend: BackendKind | 'any';
  readonly live: boolean;
  readonly seed: number;
  /** The four phases, in ascending order; chosen by `figure1Stages` where they are left out. */
  readonly phases?: readonly number[] | undefined;
}

export interface Figure1Files {
  readonly svg: string;
  readonly png: Buffer;
  /** Animated PNG: a frame a checkpoint. */
  readonly film: Buffer;
  /** Of the four panels. */
  readonly moments: readonly Moment[];
}

const REALS_MAX = 50_000;
const FAKES = 50_000;
/** A film has about this length, and stands still at its end. */
const FILM_MS = 8000;
const FRAME_MS = { least: 80, most: 600, last: 3000 };
/** More frames show no more. */
const FRAMES_MAX = 100;

/** Throws `refused` where samples are not on the line, `not-found` where there are too few checkpoints. */
export async function figure1OfRun(folder: string, request: Figure1Request): Promise<Figure1Files> {
  const { config } = await openRunFolder(folder);
  const view = viewOf(config);
  const all = await checkpointPhases(folder);
  const stages = await stagesOf(folder, request, view, filmPhases(all, request.phases ?? []));
  const chosen = request.phases?.map((phase) => indexOf(stages, phase, all)) ?? figure1Stages(stages);
  const four = chosen.map((index) => must(stages[index], 'stage'));
  const drawing = drawn(view, four, (phase, i) => `(${'abcd'[i]}) phase ${phase.toLocaleString('en')}`);
  return { svg: drawing, png: svgToPng(drawing), film: filmOf(view, stages), moments: four };
}

type Stage = LineStage & Moment;

/** The game at these phases, in their order. Throws as `figure1OfRun` does. */
export async function lineStages(
  folder: string,
  request: Omit<Figure1Request, 'phases'>,
  phases: readonly number[],
): Promise<{ view: LineView; stages: Stage[] }> {
  const view = viewOf((await openRunFolder(folder)).config);
  return { view, stages: await stagesOf(folder, request, view, phases) };
}

function viewOf(config: RunConfig): LineView {
  const training = openTrainingSamples(config);
  if (training.shape.length !== 1 || training.shape[0] !== 1) {
    throw new GanglionError({
      code: 'refused',
      message: `Figure 1 shows samples of one value; ${training.name} has samples of shape [${training.shape.join(', ')}].`,
      remedy: 'Train on a mixture in one dimension: data: {dataset: mixture, means: [−1, 1], deviations: 0.3}, say.',
    });
  }
  if (classesOf(config) > 0 || config.discriminator.packing > 1) {
    throw new GanglionError({
      code: 'refused',
      message: 'Figure 1 shows D as a function of x; in this run D looks at a class, or at several samples, beside it.',
      remedy: 'Train without layers that know classes, and with discriminator.packing 1.',
    });
  }
  return lineView(config, training.read(0, Math.min(training.size, REALS_MAX)));
}

async function stagesOf(
  folder: string,
  { backend, live, seed }: Figure1Request,
  view: LineView,
  phases: readonly number[],
): Promise<Stage[]> {
  const stages: Stage[] = [];
  for (const phase of phases) {
    const gan = await loadGan(folder, { backend, live, phase });
    try {
      stages.push({ phase, ...lineStage(gan, view, { seed, count: FAKES }) });
    } finally {
      gan.dispose();
    }
  }
  return stages;
}

/** At most so many, evenly, the first and the last of them; and those that are asked for. */
function filmPhases(all: readonly number[], asked: readonly number[]): number[] {
  const step = Math.max(1, (all.length - 1) / (FRAMES_MAX - 1));
  const evenly = Array.from({ length: Math.min(all.length, FRAMES_MAX) }, (_, i) => all[Math.round(i * step)] ?? 0);
  return [...new Set([...evenly, ...asked.filter((phase) => all.includes(phase))])].sort((a, b) => a - b);
}

function indexOf(stages: readonly Stage[], phase: number, all: readonly number[]): number {
  const index = stages.findIndex((stage) => stage.phase === phase);
  if (index >= 0) return index;
  throw new GanglionError({
    code: 'not-found',
    message: `--phases: found ${phase}; the run has checkpoints of ${all.join(', ') || 'none'}.`,
    remedy: 'Name four of them, or leave --phases out.',
  });
}

function drawn(
  { grid, data, latentRange, scale }: LineView,
  stages: readonly Stage[],
  heading: (phase: number, index: number) => string,
): string {
  const figure: Figure1 = {
    ...{ grid, data, latentRange, isProbability: scale === 'probability' },
    panels: stages.map((stage, index) => ({ ...stage, heading: heading(stage.phase, index) })),
  };
  return svg(figure1(figure, PAPER), PAPER.paper);
}

function filmOf(view: LineView, stages: readonly Stage[]): Buffer {
  const even = Math.round(FILM_MS / stages.length);
  const frameMs = Math.min(FRAME_MS.most, Math.max(FRAME_MS.least, even));
  return encodeApng(
    stages.map((stage, index) => ({
      ...svgToPixels(
        drawn(view, [stage], (phase) => `phase ${phase.toLocaleString('en')}`),
        1,
      ),
      durationMs: index === stages.length - 1 ? FRAME_MS.last : frameMs,
    })),
  );
}
