/** Proves that a log record is JSON for machines and one safe line for people, on stderr and never on stdout. */
import { describe, expect, it, vi } from 'vitest';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { createLog, type LogOptions } from '../../services/telemetry/log.ts';

function logged(options: Partial<LogOptions>, say: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  const stream = { write: (line: string) => (text += line) };
  say(createLog({ name: 'worker', level: 'info', readable: true, stream, ...options }));
  return text;
}

const boom = new GanglionError({ code: 'disk', message: 'The disk is full.', remedy: 'Free some space.' });

describe('createLog', () => {
  it('writes JSON lines, with every field once', () => {
    const text = logged({ readable: false }, (log) => log.info({ run: 'mnist-1' }, 'joins'));
    expect(text.match(/"name"/g)).toHaveLength(1);
    expect(JSON.parse(text)).toMatchObject({ level: 30, name: 'worker', run: 'mnist-1', msg: 'joins' });
  });

  it('writes one line for a person', () => {
    const text = logged({}, (log) => log.warn({ run: 'mnist-1', why: 'it is late', members: [1, 2] }, 'waits'));
    expect(text).toMatch(/^\d\d:\d\d:\d\d worker warn waits run=mnist-1 why="it is late" members=\[1,2\]\n$/);
  });

  it('keeps to its level', () => {
    const say = (log: ReturnType<typeof createLog>) => {
      log.debug('quiet');
      log.error('loud');
    };
    expect(logged({ level: 'warn' }, say)).toMatch(/^\S+ worker error loud\n$/);
    expect(logged({ level: 'silent' }, say)).toBe('');
  });

  it('says an error’s sentence once, in one line; the stack is for who debugs', () => {
    expect(logged({}, (log) => log.error({ err: boom }, 'persist failed'))).toMatch(
      /^\S+ worker error persist failed error="The disk is full\."\n$/,
    );
    expect(logged({}, (log) => log.error({ err: boom }, 'persist failed: The disk is full.'))).toMatch(
      /^\S+ worker error persist failed: The disk is full\.\n$/,
    );
    const debugged = logged({ level: 'debug' }, (log) => log.error({ err: boom }, 'persist failed'));
    expect(debugged).toContain('\nGanglionError: The disk is full.\n    at ');
  });

  it('lets nobody write a second line, or move the cursor', () => {
    const text = logged({}, (log) =>
      log.info({ worker: 'a\u001b[2J\nb' }, 'joins\n12:00:00 worker info \u001b[31mlies'),
    );
    expect(text.trimEnd()).not.toMatch(/\p{Cc}/u);
    expect(text).toContain('joins\\u000a12:00:00');
  });

  it('writes to stderr, and nothing to stdout, unless told otherwise', () => {
    const stdout = vi.spyOn(process.stdout, 'write');
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      createLog({ name: 'worker', level: 'info' }).info('hello');
      expect(stdout).not.toHaveBeenCalled();
      expect(stderr).toHaveBeenCalledWith(expect.stringContaining('hello'));
    } finally {
      stdout.mockRestore();
      stderr.mockRestore();
    }
  });
});
