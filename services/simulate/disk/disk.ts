/**
 * The coordinator's disk: what is on it outlives every process. Writes take time, one after the other; a crash finds
 * some of them done and some not; and a disk may be full, or give errors.
 */
import { GanglionError } from '../../errors/ganglionError.ts';
import type { RunEvent } from '../../report/runEvent.ts';
import { type Death, never, type SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';

export interface StoredCheckpoint {
  readonly state: Uint8Array;
  readonly weightsSha256: string;
}

/** What a run's folder holds. */
export interface FolderImage {
  readonly checkpoints: Map<number, StoredCheckpoint>;
  readonly events: RunEvent[];
  /** Events from here on are in the page cache only: the machine's end takes them along. */
  syncedEvents: number;
  /** Phases of which it is written that their gradient is not finite. */
  readonly evidence: Set<number>;
}

export class Disk {
  journal: Buffer = Buffer.alloc(0);
  readonly folders = new Map<string, FolderImage>();
  /** Every write fails. */
  isFull = false;
  readonly #world: World;
  #freeAtMs = 0;

  constructor(world: World) {
    this.#world = world;
  }

  folder(path: string): FolderImage {
    const folder = this.folders.get(path) ?? {
      checkpoints: new Map(),
      events: [],
      syncedEvents: 0,
      evidence: new Set(),
    };
    this.folders.set(path, folder);
    return folder;
  }

  /** Something was read, or looked up. */
  async reads<Value>(process: SimulatedProcess, what: string, read: () => Value): Promise<Value> {
    if (!process.acts()) return never();
    const { dice, scenario } = this.#world;
    return new Promise((resolve, reject) => {
      process.after(dice.exponential(scenario.diskMs / 4), `read ${what}`, () => {
        try {
          resolve(read());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /**
   * `write` is done as a whole or not at all, whatever dies meanwhile; half of it, by `tear`, where the file is one that is
   * appended to. Rejects with `disk`; it was not done then.
   */
  writes(
    process: SimulatedProcess,
    what: string,
    write: () => void,
    tear: () => void = () => undefined,
  ): Promise<void> {
    return this.#changes(process, what, this.isFull, write, tear);
  }

  /** The same for what needs no room. */
  removes(process: SimulatedProcess, what: string, remove: () => void): Promise<void> {
    return this.#changes(process, what, false, remove, () => undefined);
  }

  /** The machine ended: what was not synced is gone. */
  lose(): void {
    for (const folder of this.folders.values()) folder.events.length = folder.syncedEvents;
  }

  async #changes(
    process: SimulatedProcess,
    what: string,
    isFull: boolean,
    write: () => void,
    tear: () => void,
  ): Promise<void> {
    if (!process.acts()) return never();
    const { dice, scenario, timeline, isChaotic } = this.#world;
    const isSlow = isChaotic && dice.chance(scenario.faults.slowWrite);
    if (isSlow) this.#world.harm('slowWrite');
    this.#freeAtMs = Math.max(this.#freeAtMs, timeline.nowMs) + dice.exponential(scenario.diskMs) * (isSlow ? 50 : 1);
    const fails = isFull || (isChaotic && dice.chance(scenario.faults.writeError));
    if (fails && !isFull) this.#world.harm('writeError');
    // The kernel goes on with what it was given, but a machine that ends may have got to it or not.
    const forgotten = process.onDeath((death: Death) => {
      const isDone = !fails && !(death === 'machine' && dice.chance(0.5)) && dice.chance(0.5);
      (isDone ? write : tear)();
    });
    return new Promise((resolve, reject) => {
      process.after(this.#freeAtMs - timeline.nowMs, `${fails ? 'fails to write' : 'writes'} ${what}`, () => {
        forgotten();
        if (fails) {
          tear();
          return reject(ioError(what, isFull));
        }
        write();
        resolve();
      });
    });
  }
}

function ioError(what: string, isFull: boolean): GanglionError {
  return new GanglionError({
    code: 'disk',
    message: isFull ? `The disk is full: ${what} was not written.` : `The disk gave an error: ${what} was not written.`,
    remedy: 'This is a simulation.',
  });
}
