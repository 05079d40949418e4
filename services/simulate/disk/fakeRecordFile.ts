/** The journal's file on the simulated disk: what is appended may be torn, by a death or a disk that gives an error. */
import type { RecordFile } from '../../journal/recordFile.ts';
import type { SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';
import type { Disk } from './disk.ts';

export class FakeRecordFile implements RecordFile {
  readonly name = 'journal';
  readonly #world: World;
  readonly #disk: Disk;
  readonly #process: SimulatedProcess;

  constructor(world: World, disk: Disk, process: SimulatedProcess) {
    this.#world = world;
    this.#disk = disk;
    this.#process = process;
  }

  read(): Promise<Buffer> {
    return this.#disk.reads(this.#process, this.name, () => this.#disk.journal);
  }

  append(bytes: Buffer): Promise<void> {
    const add = (count: number) => {
      this.#disk.journal = Buffer.concat([this.#disk.journal, bytes.subarray(0, count)]);
    };
    const tear = () => add(this.#world.dice.whole(0, bytes.length - 1));
    return this.#disk.writes(this.#process, 'journal', () => add(bytes.length), tear);
  }

  truncate(byteCount: number): Promise<void> {
    return this.#disk.removes(this.#process, 'journal, cut back', () => {
      this.#disk.journal = this.#disk.journal.subarray(0, byteCount);
    });
  }

  replace(bytes: Buffer): Promise<void> {
    return this.#disk.writes(this.#process, 'journal anew', () => {
      this.#disk.journal = bytes;
    });
  }

  async close(): Promise<void> {}
}
