/** Runs an experiment as a person would: a coordinator, workers, a run for each arm and seed; then measures and draws. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { type Cluster, startWorkers, withCluster } from '../bench/cluster.ts';
import { checkpointPhases } from '../checkpoint/verify.ts';
import { packageRoot } from '../config/packageRoot.ts';
import { loadPreset } from '../config/presets.ts';
import { resolveRunConfig, toYaml } from '../config/resolve.ts';
import { applySettings } from '../config/settings.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { evaluateRun } from '../evaluate/evaluateRun.ts';
import { runCurves } from '../picture/curves.ts';
import { PAPER } from '../picture/palette.ts';
import { svgToPng } from '../picture/raster.ts';
import { svg } from '../picture/svg.ts';
import { describeMeasures } from '../report/evaluationText.ts';
import { phaseEventSchema } from '../report/runEvent.ts';
import type { RunView } from '../report/runView.ts';
import { figure1OfRun } from '../sampling/figure1Run.ts';
import { loadGan } from '../sampling/loadGan.ts';
import { imageGrid, samplePoints } from '../sampling/picture.ts';
import { codeOfTree, commitOfTree } from './commit.ts';
import { writeDrawnImages } from './drawnImages.ts';
import { type Arm, DRAWN_IMAGES, type Experiment } from './experiments.ts';
import { lineMeasures } from './lineMeasures.ts';
import { foundText, openParts, removeParts, requireSameDevice } from './parts.ts';
import { type Result, type ResultRun, resultFolder, writeResult } from './resultFile.ts';
import { TrainingTime } from './trainingTime.ts';

/** One that was broken off goes on. @param settings beyond the experiment's own: `epochs=2`, say. @param say is told what happens. */
export async function runExperiment(
  experiment: Experiment,
  settings: readonly string[],
  say: (line: string) => void,
): Promise<Result> {
  const folder = resultFolder(experiment.name);
  await mkdir(folder, { recursive: true });
  const commit = commitOfTree();
  const runs: ResultRun[] = [];
  const pictures: Result['pictures'] = [];
  const soFar = (): Result => ({
    experiment: experiment.name,
    commit,
    date: new Date().toISOString().slice(0, 10),
    cores: availableParallelism(),
    settings: [...settings],
    runs,
    pictures,
  });
  const first = resolved(must(experiment.arms[0], 'arm'), 0, settings);
  if ('path' in first.data && first.data.path === DRAWN_IMAGES) {
    await writeDrawnImages(join(packageRoot(), DRAWN_IMAGES), 0);
  }
  const code = codeOfTree();
  const parts = code === undefined ? undefined : await openParts(experiment.name, code, settings);
  await withCluster(async (cluster) => {
    const total = experiment.arms.length * experiment.seeds;
    const found = parts && foundText(experiment.name, total, await cluster.client.listRuns(), parts);
    if (found !== undefined) say(found);
    const { views } = await startWorkers(cluster, first.workers.max, first.backend);
    const { backend, backendVersion, deviceClass } = must(views[0], 'worker').device;
    if (parts) await requireSameDevice(parts.folder, deviceClass);
    for (const arm of experiment.arms) {
      for (let seed = 0; seed < experiment.seeds; seed += 1) {
        const id = `${fileName(arm)}-seed-${seed}`;
        const { run, minutes } = await trained(cluster, id, toYaml(resolved(arm, seed, settings)), say);
        const evaluations = await evaluationsOf(experiment, run);
        const device = `${backend} (${backendVersion})`;
        const { phase: phases, weightsSha256, configYaml: config } = run;
        const workers = first.workers.max;
        runs.push({ arm: arm.label, seed, phases, weightsSha256, minutes, device, workers, config, evaluations });
        say(`${arm.label}, seed ${seed}: ${describeMeasures(must(evaluations.at(-1), 'evaluation').measures)}`);
        if (seed === 0) pictures.push(...(await picturesOf(folder, arm, run)));
        // What is done stays done where a later run is broken off.
        await writeResult(soFar());
      }
    }
  }, parts?.folder);
  if (parts) await removeParts(parts);
  return soFar();
}

function fileName({ label }: Arm): string {
  return label.replaceAll(' ', '-').toLowerCase();
}

function resolved(arm: Arm, seed: number, settings: readonly string[]) {
  const all = [...arm.settings, ...settings, `seed=${seed}`];
  return resolveRunConfig(applySettings(loadPreset(arm.preset), all), `preset ${arm.preset}`);
}

/** Trains it, or what is missing of it. */
async function trained({ client }: Cluster, id: string, config: string, say: (line: string) => void) {
  const created = await client.createRun(config, false, id);
  if (created.state !== 'completed') say(`${created.runId}: ${created.totalPhases} phases`);
  const time = new TrainingTime();
  for await (const event of client.watchRun(created.runId, 0)) time.count(event);
  const run = await client.getRun(created.runId);
  if (run.state === 'completed') return { run, minutes: time.minutes };
  throw new GanglionError({
    code: 'run-failed',
    message: `${run.runId} is ${run.state}: ${run.why}`,
    remedy: `GANGLION_LOG_LEVEL=info shows what coordinator and workers say; without ${dirname(run.folder)} it starts over.`,
  });
}

async function evaluationsOf({ metrics, curve }: Experiment, run: RunView) {
  if (metrics.length === 0) return [{ phase: run.phase, measures: await lineMeasures(run.folder) }];
  const kept = await checkpointPhases(run.folder);
  const phases = curve ? kept.filter((phase) => phase > 0) : kept.slice(-1);
  const evaluations: ResultRun['evaluations'] = [];
  for (const phase of phases) {
    const { measures } = await evaluateRun(run.folder, { metrics, phase, samples: undefined, backend: 'any', seed: 0 });
    evaluations.push({ phase, measures: measures.map((measure) => ({ ...measure, detail: { ...measure.detail } })) });
  }
  return evaluations;
}

/** Samples, curves, and figure 1 where there is one. */
async function picturesOf(folder: string, arm: Arm, run: RunView): Promise<Result['pictures']> {
  const { label } = arm;
  const base = fileName(arm);
  const pictures: Result['pictures'] = [];
  const keep = async (file: string, bytes: Buffer | string, caption: string) => {
    await writeFile(join(folder, file), bytes);
    pictures.push({ file, caption });
  };
  const gan = await loadGan(run.folder, { backend: 'any' });
  try {
    const { config, shape } = gan;
    if (shape.length === 3) {
      const values = gan.sample({ seed: 1, first: 0, count: 100 });
      await keep(
        `${base}.png`,
        imageGrid(shape, values, { normalize: config.data.normalize, columns: 20 }),
        `${label}: samples, not picked`,
      );
    } else if (shape[0] === 2) {
      const values = gan.sample({ seed: 1, first: 0, count: 2500 });
      await keep(`${base}.png`, samplePoints(config, `${label}, 2,500 samples`, shape, values), `${label}, seed 0`);
    } else {
      const files = await figure1OfRun(run.folder, { backend: 'any', live: false, seed: 0 });
      await keep(`${base}.svg`, files.svg, 'Figure 1 (a)–(d), from this run');
      await writeFile(join(folder, `${base}.png`), files.png);
    }
    const reports = (await readFile(join(run.folder, 'metrics.jsonl'), 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => phaseEventSchema.parse(JSON.parse(line)));
    const isLog = config.objective.loss === 'log';
    for (const { name, drawing } of runCurves(reports, isLog ? 'log' : 'other', PAPER)) {
      if (name === 'losses' || name === 'gradients')
        await keep(`${base}-${name}.png`, svgToPng(svg(drawing)), `${label}: ${name}`);
    }
    await cp(join(run.folder, 'config.yaml'), join(folder, `${base}.yaml`));
  } finally {
    gan.dispose();
  }
  return pictures;
}
