/** A run's checkpoints on disk: `checkpoints/phase-000000500/{state.safetensors,manifest.json}`, the newest few kept. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { invariant } from '../errors/invariant.ts';
import { diskError, removeFolder, removePartial, syncFolder, writeFolder } from './durableFile.ts';
import { folderName, ganglionVersion, MANIFEST_FILE, type Manifest, STATE_FILE } from './manifest.ts';
import { encodeHeader, type TensorSpec } from './safetensors.ts';
import { checkpointPhases, readOwnCheckpoint, sha256 } from './verify.ts';

export interface StoreOptions {
  readonly runId: string;
  /** The state's tensors, in the canonical order. */
  readonly tensors: readonly TensorSpec[];
  /** Leading values of the state that are G's and D's weights. */
  readonly weightValues: number;
  /** Newest checkpoints kept. */
  readonly keep: number;
  readonly configSha256: string;
}

/** Phases whose checkpoints stay, however old they are. Asked when something is about to be dropped. */
export type Spared = () => ReadonlySet<number>;

const NOTHING: Spared = () => new Set();

export class CheckpointStore {
  readonly #runFolder: string;
  readonly #options: StoreOptions;
  #lastDrop: Promise<unknown> = Promise.resolve();

  private constructor(runFolder: string, options: StoreOptions) {
    this.#runFolder = runFolder;
    this.#options = options;
  }

  /** Opens a run folder's store, and removes what an interrupted write left behind. */
  static async open(runFolder: string, options: StoreOptions): Promise<CheckpointStore> {
    const folder = join(runFolder, 'checkpoints');
    try {
      await mkdir(folder, { recursive: true });
      // The folders' own names must outlive a power cut too, or the checkpoints in them do not.
      await syncFolder(runFolder);
      await syncFolder(dirname(runFolder));
      await removePartial(folder);
    } catch (error) {
      throw diskError(folder, error);
    }
    return new CheckpointStore(runFolder, options);
  }

  /** Oldest first. */
  phases(): Promise<number[]> {
    return checkpointPhases(this.#runFolder);
  }

  /**
   * Makes a state (float32 values, little-endian, in the order of `tensors`) durable, then drops the oldest checkpoints
   * over `keep` that are not spared. Throws `disk`; what was there stays whole.
   */
  async save(phase: number, totalPhases: number, state: Uint8Array, spared: Spared = NOTHING): Promise<Manifest> {
    const { runId, tensors, weightValues, configSha256 } = this.#options;
    const expected = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 4), 0);
    invariant(state.length === expected, `a state of ${runId} has ${expected} bytes, not ${state.length}`);
    const stateSha256 = await sha256(state);
    const present = await this.#present(phase, stateSha256);
    if (present) return present;
    const weightsSha256 = await sha256(state.subarray(0, weightValues * 4));
    const header = encodeHeader(tensors, { runId, phase: String(phase), weightsSha256, format: 'ganglion' });
    const manifest: Manifest = {
      schema: 'ganglion.checkpoint.v1',
      runId,
      phase,
      totalPhases,
      configSha256,
      stateSha256,
      fileSha256: await sha256(header, state),
      fileBytes: header.length + state.length,
      weightsSha256,
      savedAtMs: Date.now(),
      ganglionVersion: ganglionVersion(),
    };
    const files = new Map([
      [STATE_FILE, [header, state]],
      [MANIFEST_FILE, [Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]],
    ]);
    await writeFolder(this.#folder(phase), files);
    await this.dropOldest(phase, spared);
    return manifest;
  }

  /** Throws `corrupt` where a hash does not fit, or the tensors are not those of this run. */
  async load(phase: number): Promise<{ state: Uint8Array; manifest: Manifest }> {
    return readOwnCheckpoint(this.#runFolder, phase, this.#options.tensors);
  }

  /**
   * Drops the oldest checkpoints over `keep` that are not spared, one call after the other; returns their phases.
   *
   * Only checkpoints from before the newest one that the run has are dropped: later ones (a run that went back to an older
   * checkpoint has them) may be broken, and must not push out the only one that is known to be whole.
   */
  async dropOldest(newest: number, spared: Spared): Promise<number[]> {
    const drop = this.#lastDrop.then(() => this.#drop(newest, spared));
    // Who asked for it hears of a failure; the next one is tried all the same.
    this.#lastDrop = drop.catch(() => undefined);
    return drop;
  }

  /** Manifests of the checkpoints that verify, oldest first, and a sentence for each that does not. */
  async inspect(): Promise<{ valid: Manifest[]; broken: string[] }> {
    const valid: Manifest[] = [];
    const broken: string[] = [];
    for (const phase of await this.phases()) {
      try {
        valid.push((await this.load(phase)).manifest);
      } catch (error) {
        broken.push(error instanceof Error ? error.message : String(error));
      }
    }
    return { valid, broken };
  }

  /** A phase that is computed again gives the same bits: a whole checkpoint of them is never touched. */
  async #present(phase: number, stateSha256: string): Promise<Manifest | undefined> {
    if (!(await this.phases()).includes(phase)) return undefined;
    const found = await this.load(phase).catch(() => undefined);
    return found?.manifest.stateSha256 === stateSha256 ? found.manifest : undefined;
  }

  async #drop(newest: number, spared: Spared): Promise<number[]> {
    const phases = await this.phases();
    const surplus = phases.slice(0, Math.max(0, phases.length - this.#options.keep));
    const dropped: number[] = [];
    for (const phase of surplus) {
      if (phase >= newest || spared().has(phase)) continue;
      await removeFolder(this.#folder(phase));
      dropped.push(phase);
    }
    return dropped;
  }

  #folder(phase: number): string {
    return join(this.#runFolder, 'checkpoints', folderName(phase));
  }
}
