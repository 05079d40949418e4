/** Logs go to stderr: one readable line on a terminal, JSON lines elsewhere. Results never go here. */
import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

const LEVEL_NAMES: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** `name`: coordinator, worker, … `level`: trace … fatal, or silent. */
export function createLog(options: { name: string; level: string; readable: boolean }): Logger {
  const { name, level, readable } = options;
  const stream = { write: (line: string) => void process.stderr.write(readable ? readableLine(line) : line) };
  return pino({ name, level, base: { name } }, stream);
}

/** `12:34:56 worker info joins a generation runId=mnist-1 generation=2` */
function readableLine(line: string): string {
  const { time, level, name, msg = '', err, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = new Date(Number(time)).toISOString().slice(11, 19);
  const facts = Object.entries(fields).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const stack = err ? `\n${(err as { stack?: string }).stack ?? ''}` : '';
  return `${[clock, name, LEVEL_NAMES[Number(level)], msg, ...facts].join(' ')}${stack}\n`;
}
