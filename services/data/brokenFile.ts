/** What a file of a data set has wrong, as an error that names the file, the place and the cure. */
import { GanglionError } from '../errors/ganglionError.ts';

/** `FILE is not a whole KIND file: at byte OFFSET, WHAT.` */
export function brokenFile(file: string, kind: string, offset: number, what: string, remedy: string): GanglionError {
  return new GanglionError({
    code: 'dataset',
    message: `${file} is not a whole ${kind} file: at byte ${offset}, ${what}.`,
    remedy,
  });
}

/** For what the file system says: missing, not allowed, a folder in the place of a file. */
export function unreadable(file: string, error: unknown): GanglionError {
  return new GanglionError({
    code: 'dataset',
    message: `${file} cannot be read: ${(error as Error).message}.`,
    remedy: 'Check that it is there and whole, and that this user may read it.',
    cause: error,
  });
}
