/**
 * A file that is read by range, so that data may be larger than memory. What is read often stays in the page cache of the
 * operating system, which knows better than we how much memory there is.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { GanglionError } from '../errors/ganglionError.ts';
import { unreadable } from './brokenFile.ts';

export interface RangeFile {
  readonly path: string;
  readonly bytes: number;
  /** Fills `into` from byte `position` on. Throws `dataset` where the file is shorter by now. */
  read(position: number, into: Uint8Array): void;
}

/** Sources are never closed, but dropped: their descriptors go with them. */
const descriptors = new FinalizationRegistry<number>((descriptor) => closeSync(descriptor));

/** Throws `dataset` where it cannot be opened. */
export function openRangeFile(path: string): RangeFile {
  const descriptor = open(path);
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) {
    closeSync(descriptor);
    throw unreadable(path, new Error('it is not a file'));
  }
  const file: RangeFile = {
    path,
    bytes: stats.size,
    read(position, into) {
      for (let done = 0; done < into.length; ) {
        const count = readFrom(path, descriptor, into, done, position);
        if (count === 0) throw shorter(path, fstatSync(descriptor).size, position + into.length);
        done += count;
      }
    },
  };
  descriptors.register(file, descriptor);
  return file;
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readFrom(path: string, descriptor: number, into: Uint8Array, done: number, position: number): number {
  try {
    return readSync(descriptor, into, done, into.length - done, position + done);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function shorter(path: string, end: number, wanted: number): GanglionError {
  return new GanglionError({
    code: 'dataset',
    message: `${path} ends at byte ${end}; it had at least ${wanted} bytes when it was opened.`,
    remedy: 'Put the whole file back, and leave it as it is while runs read it.',
  });
}
