/** A run's checkpoints on the simulated disk: the promises of `checkpoint/store.ts`. */
import type { Manifest } from '../../checkpoint/manifest.ts';
import type { Spared } from '../../checkpoint/store.ts';
import type { RunStore } from '../../coordinator/storage.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import { sha256 } from '../arithmetic/undisturbed.ts';
import type { SimulatedProcess } from '../process.ts';
import type { Disk, FolderImage, StoredCheckpoint } from './disk.ts';

type Checkpoints = RunStore['checkpoints'];

export class FakeCheckpoints implements Checkpoints {
  readonly #disk: Disk;
  readonly #process: SimulatedProcess;
  readonly #folder: FolderImage;
  readonly #options: { readonly runId: string; readonly keep: number };

  constructor(disk: Disk, process: SimulatedProcess, folder: FolderImage, options: { runId: string; keep: number }) {
    this.#disk = disk;
    this.#process = process;
    this.#folder = folder;
    this.#options = options;
  }

  phases(): Promise<number[]> {
    return this.#disk.reads(this.#process, 'checkpoints', () => this.#phases());
  }

  async save(phase: number, _totalPhases: number, state: Uint8Array, spared?: Spared): Promise<Manifest> {
    const stored = { state: Uint8Array.from(state), weightsSha256: sha256(state) };
    await this.#disk.writes(this.#process, `checkpoint ${phase}`, () => {
      this.#folder.checkpoints.set(phase, stored);
    });
    await this.dropOldest(phase, spared);
    return this.#manifest(phase, stored);
  }

  async dropOldest(newest: number, spared: Spared = () => new Set()): Promise<number[]> {
    const phases = this.#phases();
    const older = phases.slice(0, Math.max(0, phases.length - this.#options.keep)).filter((phase) => phase < newest);
    const surplus = older.filter((phase) => !spared().has(phase));
    if (surplus.length > 0) {
      await this.#disk.removes(this.#process, `the end of checkpoints ${surplus.join()}`, () => {
        for (const old of surplus) this.#folder.checkpoints.delete(old);
      });
    }
    return surplus;
  }

  load(phase: number): Promise<{ state: Uint8Array; manifest: Manifest }> {
    return this.#disk.reads(this.#process, `checkpoint ${phase}`, () => {
      const stored = this.#folder.checkpoints.get(phase);
      if (stored) return { state: Uint8Array.from(stored.state), manifest: this.#manifest(phase, stored) };
      throw new GanglionError({ code: 'corrupt', message: `There is no checkpoint ${phase}.`, remedy: '' });
    });
  }

  inspect(): Promise<{ valid: Manifest[]; broken: string[] }> {
    return this.#disk.reads(this.#process, 'all checkpoints', () => {
      const valid = [...this.#folder.checkpoints].sort(([a], [b]) => a - b);
      return { valid: valid.map(([phase, stored]) => this.#manifest(phase, stored)), broken: [] };
    });
  }

  #phases(): number[] {
    return [...this.#folder.checkpoints.keys()].sort((a, b) => a - b);
  }

  #manifest(phase: number, { state, weightsSha256 }: StoredCheckpoint): Manifest {
    return {
      schema: 'ganglion.checkpoint.v1',
      runId: this.#options.runId,
      phase,
      totalPhases: 0,
      configSha256: '',
      stateSha256: weightsSha256,
      fileSha256: '',
      fileBytes: state.byteLength,
      weightsSha256,
      savedAtMs: 0,
      ganglionVersion: 'simulated',
    };
  }
}
