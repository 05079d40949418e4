/** What a run has on disk and in memory beside its record: its folder, data set, checkpoints and history. */
import { createReadStream } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { replaceFile } from '../checkpoint/durableFile.ts';
import { openRunCheckpoints } from '../checkpoint/runCheckpoints.ts';
import type { CheckpointStore } from '../checkpoint/store.ts';
import { toYaml } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { openTrainingSet, type TrainingSet } from '../data/dataset.ts';
import { decodeRows, rowFormat } from '../data/rowFormat.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { initialState } from '../gan/initialState.ts';
import { requirePacks, validateNetworks } from '../gan/validateNetworks.ts';
import { COUNT_MIN, comparedCount, type RealSpread, realSpread, type Spread, spreadOf } from '../illness/spread.ts';
import { totalPhases } from '../plan/phasePlan.ts';
import type { ArtifactView } from '../report/runView.ts';
import { RunEventLog } from '../telemetry/eventLog.ts';
import { CHUNK_BYTES } from '../wire/limits.ts';
import { appendEvaluation, type EvaluationLine, readEvaluations } from './evaluationFile.ts';
import { realSamples, realValues, snapshotFiles } from './snapshotFiles.ts';
import type { RunStore } from './storage.ts';

export class RunFiles implements RunStore {
  readonly runId: string;
  readonly folder: string;
  readonly config: RunConfig;
  readonly sampleShape: readonly number[];
  readonly totalPhases: number;
  readonly checkpoints: CheckpointStore;
  readonly history: RunEventLog;
  #dataset: TrainingSet | undefined;
  #reals: RealSpread | undefined;

  private constructor(
    identity: { runId: string; folder: string; config: RunConfig },
    parts: { dataset: TrainingSet; checkpoints: CheckpointStore; history: RunEventLog },
  ) {
    this.runId = identity.runId;
    this.folder = identity.folder;
    this.config = identity.config;
    this.#dataset = parts.dataset;
    this.sampleShape = parts.dataset.shape;
    this.totalPhases = totalPhases(this.config, parts.dataset.size);
    this.checkpoints = parts.checkpoints;
    this.history = parts.history;
  }

  get dataset(): TrainingSet {
    this.#dataset ??= openTrainingSet(this.config);
    return this.#dataset;
  }

  rest(): void {
    this.#dataset = undefined;
    this.#reals = undefined;
  }

  /** Checks a config against its data set, without writing anything. Throws `invalid-config` or `dataset`. */
  static check(config: RunConfig): TrainingSet {
    const dataset = openTrainingSet(config);
    validateNetworks(config, dataset.sampleSize);
    requirePacks(config, dataset.size);
    const { rows, columns } = config.snapshots;
    const gridBytes = rows * columns * dataset.format.rowBytes;
    if (gridBytes > SNAPSHOT_BYTES_MAX) {
      throw new GanglionError({
        code: 'invalid-config',
        message: `snapshots: ${rows} × ${columns} pictures are ${gridBytes} bytes; at most ${SNAPSHOT_BYTES_MAX} fit in a message.`,
        remedy: 'Lower snapshots.rows or snapshots.columns.',
      });
    }
    return dataset;
  }

  /** Opens a run's folder, making it where it is not there yet. */
  static async open(runId: string, folder: string, config: RunConfig): Promise<RunFiles> {
    const dataset = RunFiles.check(config);
    await mkdir(folder, { recursive: true });
    const { sampleSize } = dataset;
    const checkpoints = await openRunCheckpoints(folder, { runId, config, sampleSize });
    const history = await RunEventLog.open(folder);
    return new RunFiles({ runId, folder, config }, { dataset, checkpoints, history });
  }

  /** Writes what a new run starts with: its config, real samples, and the state before the first phase. */
  async initialise(): Promise<{ weightsSha256: string }> {
    await writeFile(join(this.folder, 'config.yaml'), toYaml(this.config));
    const { seed, snapshots } = this.config;
    await this.#keep('reals', 'data', realSamples(this.dataset, seed, snapshots.rows * snapshots.columns));
    const { outputBias } = this.config.generator;
    const marginals = outputBias === 'marginals' ? this.dataset.marginals() : undefined;
    const state = initialState(this.config, this.dataset.sampleSize, marginals);
    const bytes = new Uint8Array(state.buffer, state.byteOffset, state.byteLength);
    return this.checkpoints.save(0, this.totalPhases, bytes);
  }

  /** Writes a picture of G's samples, and the samples where they are no images; returns the picture's file name. */
  async keepSnapshot(phase: number, samples: Uint8Array): Promise<string> {
    const name = phase === 0 ? 'fakes_init' : `fakes_${String(phase).padStart(6, '0')}`;
    await this.#keep(name, `phase ${phase.toLocaleString('en')}`, samples);
    return `${name}.png`;
  }

  /** Of the first samples, as many as are worth their time. */
  spreadOf(pixels: Uint8Array): Spread | undefined {
    const { alarms, snapshots } = this.config;
    const { sampleSize, size } = this.dataset;
    const count = comparedCount(Math.min(size, snapshots.rows * snapshots.columns), sampleSize);
    if (alarms === 'off' || alarms.modeCollapse === 'off' || count < COUNT_MIN) return undefined;
    // G's samples lie as the data's do, without their labels.
    const own = rowFormat({ ...this.config.data, labels: false }, sampleSize);
    if (pixels.length < count * own.rowBytes) return undefined;
    this.#reals ??= realSpread(realValues(this.dataset, this.config.seed, count), sampleSize);
    return spreadOf(decodeRows(own, pixels.subarray(0, count * own.rowBytes)).values, this.#reals);
  }

  evaluations() {
    return readEvaluations(this.folder);
  }

  keepEvaluation(line: EvaluationLine): Promise<void> {
    return appendEvaluation(this.folder, line);
  }

  /** What is known of a gradient that was not finite. */
  async keepEvidence(
    phase: number,
    tensor: string,
    members: readonly (readonly [workerId: string, { readonly shards: readonly number[] }])[],
  ): Promise<void> {
    const evidence = { phase, tensor, members: members.map(([workerId, { shards }]) => ({ workerId, shards })) };
    const file = join(this.folder, `non_finite_${String(phase).padStart(6, '0')}.json`);
    await replaceFile(file, Buffer.from(`${JSON.stringify(evidence, null, 2)}\n`));
  }

  /** Whole files only: what is being written (`….partial`) is not there yet. */
  async artifacts(): Promise<ArtifactView[]> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const views: ArtifactView[] = [];
    for (const file of files) {
      const name = relative(this.folder, file).split(sep).join('/');
      if (/\.partial(\/|$)/.test(name)) continue;
      const size = await sizeIfThere(file);
      if (size !== undefined) views.push({ name, sizeBytes: size });
    }
    return views.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async *readArtifact(name: string): AsyncIterable<Uint8Array> {
    const file = this.#pathOf(name);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) {
      throw new GanglionError({
        code: 'not-found',
        message: `Run '${this.runId}' has no file '${name}'.`,
        remedy: 'See `ganglion runs fetch RUN` without a name for the files that are there.',
      });
    }
    yield* createReadStream(file, { highWaterMark: CHUNK_BYTES });
  }

  /** The file behind an artifact's name. Refuses names that lead out of the run folder. */
  #pathOf(name: string): string {
    const path = resolve(this.folder, name);
    if (path.startsWith(resolve(this.folder) + sep)) return path;
    throw new GanglionError({
      code: 'invalid-argument',
      message: `'${name}' is not a file of run ${this.runId}.`,
      remedy: 'See `ganglion runs fetch` without a name for the files that are there.',
    });
  }

  async #keep(name: string, what: string, samples: Uint8Array): Promise<void> {
    const files = await snapshotFiles(this, name, `${this.runId}, ${what}`, samples);
    for (const [file, bytes] of files) await writeFile(join(this.folder, file), bytes);
  }
}

/** A snapshot is one control message, and messages are at most 4 MiB. */
const SNAPSHOT_BYTES_MAX = 3 * 1024 * 1024;

/** Undefined where the file went since it was listed: an old checkpoint makes room for a new one. */
async function sizeIfThere(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
