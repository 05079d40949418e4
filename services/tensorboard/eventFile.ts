/**
 * A run's event file: one that grows, also over restarts of the coordinator. What it has already is not written again, tag by
 * tag, so that nobody sees a step twice.
 */
import { appendFile, mkdir, readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shown } from '../telemetry/chart.ts';
import { decodeTags, type EncodedImage, encodeTold, encodeVersion, type SummaryValue } from './eventMessage.ts';
import { frame, readRecords } from './record.ts';

const FOLDER = 'tensorboard';

export class EventFile {
  readonly #runFolder: string;
  readonly #path: string;
  readonly #lastSteps: Map<string, number>;

  private constructor(runFolder: string, path: string, lastSteps: Map<string, number>) {
    this.#runFolder = runFolder;
    this.#path = path;
    this.#lastSteps = lastSteps;
  }

  /** Opens a run's event file, or begins one. What was torn at its end is cut off. */
  static async open(runFolder: string, runId: string): Promise<EventFile> {
    const folder = join(runFolder, FOLDER);
    await mkdir(folder, { recursive: true });
    // The name that TensorBoard looks for.
    const kept = (await readdir(folder))
      .filter((name) => name.startsWith('events.out.tfevents.'))
      .sort()
      .at(-1);
    const seconds = Math.floor(Date.now() / 1000);
    const path = join(folder, kept ?? `events.out.tfevents.${seconds}.${runId}`);
    const bytes = kept === undefined ? Buffer.alloc(0) : await readFile(path);
    const { records, end } = readRecords(bytes);
    if (end < bytes.length) await truncate(path, end);
    if (end === 0) await appendFile(path, frame(encodeVersion(seconds)));
    return new EventFile(runFolder, path, lastStepsIn(records));
  }

  async append(events: readonly Shown[]): Promise<void> {
    const records: Buffer[] = [];
    for (const { step, timeMs, values } of events) {
      const news = values.filter(({ tag }) => step > (this.#lastSteps.get(tag) ?? -1));
      for (const { tag } of news) this.#lastSteps.set(tag, step);
      const summaries = await Promise.all(news.map((value) => this.#summaryOf(value)));
      const known = summaries.filter((value) => value !== undefined);
      if (known.length > 0) records.push(frame(encodeTold({ wallTime: timeMs / 1000, step, values: known })));
    }
    if (records.length > 0) await appendFile(this.#path, Buffer.concat(records));
  }

  async #summaryOf(value: Shown['values'][number]): Promise<SummaryValue | undefined> {
    if (!('artifact' in value)) return value;
    const image = await imageOf(join(this.#runFolder, value.artifact));
    return image && { tag: value.tag, image };
  }
}

function lastStepsIn(records: readonly Uint8Array[]): Map<string, number> {
  const steps = new Map<string, number>();
  for (const record of records) {
    const { step, tags } = decodeTags(record);
    for (const tag of tags) steps.set(tag, Math.max(step, steps.get(tag) ?? -1));
  }
  return steps;
}

/** Undefined where somebody took the picture away. */
async function imageOf(file: string): Promise<EncodedImage | undefined> {
  const png = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (png === undefined) return undefined;
  // The first chunk, IHDR, has the sizes and the colour type: 0 grey, 2 RGB, 6 RGB and alpha.
  const colorspace = { 0: 1, 2: 3, 6: 4 }[png.readUInt8(25)] ?? 1;
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), colorspace, encodedImageString: png };
}
