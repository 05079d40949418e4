/** Runs' folders on the simulated disk. */
import type { RunConfig } from '../../config/runConfig.ts';
import type { RunStorage, RunStore } from '../../coordinator/storage.ts';
import type { TrainingSet } from '../../data/dataset.ts';
import { rowFormat } from '../../data/rowFormat.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import { must } from '../../errors/invariant.ts';
import { initialState } from '../../gan/initialState.ts';
import { totalPhases } from '../../plan/phasePlan.ts';
import { SAMPLE_BYTES } from '../arithmetic/gradient.ts';
import { bytesOf } from '../arithmetic/undisturbed.ts';
import type { SimulatedProcess } from '../process.ts';
import type { Disk } from './disk.ts';
import { FakeCheckpoints } from './fakeCheckpoints.ts';
import { FakeHistory } from './fakeHistory.ts';

export class FakeStorage implements RunStorage {
  readonly #disk: Disk;
  readonly #process: SimulatedProcess;

  constructor(disk: Disk, process: SimulatedProcess) {
    this.#disk = disk;
    this.#process = process;
  }

  check(config: RunConfig): TrainingSet {
    return indexedSamples(config.data, must(config.data.count, 'sample count'));
  }

  folderOf(runId: string): string {
    return runId;
  }

  taken(): Promise<readonly string[]> {
    return this.#disk.reads(this.#process, 'folders', () => [...this.#disk.folders.keys()]);
  }

  /** Here folders are of runs alone, and nobody names one. */
  async requireUnbegun(): Promise<void> {}

  async open(runId: string, path: string, config: RunConfig): Promise<RunStore> {
    const disk = this.#disk;
    const process = this.#process;
    const folder = await disk.reads(process, `folder ${path}`, () => disk.folder(path));
    const dataset = this.check(config);
    const total = totalPhases(config, dataset.size);
    const checkpoints = new FakeCheckpoints(disk, process, folder, { runId, keep: config.checkpoints.keep });
    return {
      runId,
      folder: path,
      dataset,
      sampleShape: dataset.shape,
      rest: () => undefined,
      totalPhases: total,
      checkpoints,
      history: new FakeHistory(disk, process, folder),
      initialise: () => checkpoints.save(0, total, bytesOf(initialState(config, SAMPLE_BYTES))),
      async keepSnapshot(phase) {
        await disk.writes(process, `snapshot of phase ${phase}`, () => undefined);
        return `fakes_${phase}.png`;
      },
      spreadOf: () => undefined,
      evaluations: async () => ({ lines: [], broken: 0 }),
      keepEvaluation: () => disk.writes(process, 'evaluation', () => undefined),
      keepEvidence: (phase) => disk.writes(process, `evidence of phase ${phase}`, () => folder.evidence.add(phase)),
      artifacts: async () => [],
      readArtifact: () => {
        throw new GanglionError({ code: 'not-found', message: 'Nobody reads artifacts here.', remedy: '' });
      },
    };
  }
}

/** Each sample is its own index. */
function indexedSamples(data: RunConfig['data'], size: number): TrainingSet {
  return {
    name: 'indices',
    size,
    sampleSize: SAMPLE_BYTES,
    shape: [SAMPLE_BYTES],
    format: rowFormat(data, SAMPLE_BYTES),
    read: (index, into, offset) => {
      Buffer.from(into.buffer, into.byteOffset, into.byteLength).writeUInt32LE(index, offset);
    },
    marginals: () => new Float64Array(SAMPLE_BYTES),
  };
}
