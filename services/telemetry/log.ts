/** Logs go to stderr: one readable line on a terminal, JSON lines elsewhere. Results never go here. */
import { type Logger, levels, pino } from 'pino';
import { readableLine } from './readableLine.ts';

export type { Logger } from 'pino';

export interface LogOptions {
  /** Who speaks: coordinator, worker, … */
  readonly name: string;
  /** trace, debug, info, warn, error, fatal or silent. */
  readonly level: string;
  /** Default: whether stderr is a terminal. */
  readonly readable?: boolean;
  /** Default: stderr. */
  readonly stream?: { write(text: string): unknown };
}

export function createLog(options: LogOptions): Logger {
  const { name, level, readable = process.stderr.isTTY === true, stream = process.stderr } = options;
  const least = levels.values[level] ?? Number.POSITIVE_INFINITY;
  const write = (json: string) => void stream.write(readable ? readableLine(json, least) : json);
  return pino({ level, base: { name } }, { write });
}
