/** An empty word on the command line. */
import { GanglionError } from '../errors/ganglionError.ts';
import { COMPLETE } from './commands/completion.ts';

/** A variable of the shell that is not set: what it should have named is never everything, or the only one there is. */
export function refuseEmptyWord(argv: readonly string[]): void {
  const at = argv.findIndex((word) => word === '' || /^--[\w-]+=$/.test(word));
  // Shells ask for what may follow an empty word.
  if (at < 0 || argv[0] === COMPLETE) return;
  const before = argv[at] === '' ? argv[at - 1] : argv[at];
  throw new GanglionError({
    code: 'invalid-argument',
    message: `${before === undefined ? 'The first word' : `What follows '${before.slice(0, 80)}'`} is empty.`,
    remedy: 'Write it, or leave the flag out; a variable of the shell may not be set.',
  });
}
