/** A log record as one line for a person: `12:34:56 worker info joins a generation run=mnist-1 generation=2`. */

const LEVEL_NAMES: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
/** From here down somebody is looking for a bug, and wants the stack of every error, on lines of its own. */
const DEBUG = 20;

/** `json`: what pino wrote. `level`: the number of the least level that is logged. */
export function readableLine(json: string, level: number): string {
  const { time, level: own, name, msg, err, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const clock = new Date(Number(time)).toTimeString().slice(0, 8);
  const facts = Object.entries(fields).map(([key, value]) => `${key}=${word(value)}`);
  const error = err as { message?: unknown; stack?: unknown } | undefined;
  // Errors of the world are mostly logged by their own sentence: it is not said twice.
  if (error && !String(msg ?? '').includes(String(error.message))) facts.push(`error=${word(error.message)}`);
  const words = [clock, name, LEVEL_NAMES[Number(own)] ?? own, msg, ...facts].filter((part) => part !== undefined);
  const stack = error && level <= DEBUG ? `${visible(String(error.stack), /[^\P{C}\n]/gu)}\n` : '';
  return `${visible(words.join(' '), /\p{C}/gu)}\n${stack}`;
}

/** Quoted where it would not be seen as one word. */
function word(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : (JSON.stringify(value) ?? 'undefined');
}

/** Names come from other machines: what is in them must not move the cursor, or pass for another line. */
function visible(text: string, hidden: RegExp): string {
  return text.replace(hidden, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}
