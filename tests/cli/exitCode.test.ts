/** Proves the documented exit codes, and that an error is a sentence and a remedy without a stack. */
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { errorText } from '../../services/cli/errorText.ts';
import { exitCodeOf, exitCodeOfState } from '../../services/cli/exitCode.ts';
import type { ErrorCode } from '../../services/errors/errorCodes.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { RUN_STATES } from '../../services/report/runEvent.ts';

const failure = (code: ErrorCode) => new GanglionError({ code, message: 'A is B.', remedy: 'Do C.' });

describe('exit codes', () => {
  it.each([
    ['invalid-config', 2],
    ['invalid-argument', 2],
    ['run-failed', 3],
    ['unreachable', 4],
    ['unauthenticated', 5],
    ['forbidden', 5],
    ['not-found', 1],
    ['port-in-use', 1],
    ['disk', 1],
    ['corrupt', 1],
    ['protocol-mismatch', 1],
  ] as const)('%s → %i', (code, exitCode) => {
    expect(exitCodeOf(failure(code))).toBe(exitCode);
  });

  it('of commander: help is 0, wrong usage is 2', () => {
    expect(exitCodeOf(new CommanderError(0, 'commander.helpDisplayed', ''))).toBe(0);
    expect(exitCodeOf(new CommanderError(1, 'commander.unknownOption', ''))).toBe(2);
  });

  it('of anything else is 1', () => {
    expect(exitCodeOf(new TypeError('x'))).toBe(1);
    expect(exitCodeOf('x')).toBe(1);
  });

  it('of a watched run: 3 where it failed or was cancelled, else 0', () => {
    const bad = RUN_STATES.filter((state) => exitCodeOfState(state) !== 0);
    expect(bad).toEqual(['failed', 'cancelled']);
    expect(exitCodeOfState('failed')).toBe(3);
  });
});

describe('an error on the terminal', () => {
  it('is a sentence, and the remedy below', () => {
    expect(errorText(failure('disk'), 'info')).toBe('ganglion: A is B.\n  Do C.\n  disk: docs/errors/disk.md\n');
  });

  it('shows its stack only when debugging', () => {
    expect(errorText(failure('disk'), 'debug')).toMatch(
      /^ganglion: A is B\.\n {2}Do C\.\n {2}disk: docs\/errors\/disk\.md\nGanglionError: A is B\.\n {4}at /,
    );
  });

  it('of our own making says that it is a bug, without a stack', () => {
    expect(errorText(new TypeError('x is not a function'), 'info')).toBe(
      'ganglion: x is not a function\n' +
        '  This is a bug of Ganglion: GANGLION_LOG_LEVEL=debug shows where; please report it.\n',
    );
  });
});
