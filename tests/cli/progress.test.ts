/** Proves that progress is a bar on a terminal and a few lines elsewhere, and ends when it is told to. */
import { describe, expect, it } from 'vitest';
import { colours } from '../../services/cli/console.ts';
import { createProgress } from '../../services/cli/progress.ts';
import { fakeConsole } from './fakeConsole.ts';
import { alarmEvent, evaluationEvent, phaseEvent, stateEvent } from './views.ts';

describe('progress without a terminal', () => {
  it('is a line a tenth, a line a state, nothing on stdout, and no control characters', () => {
    const console = fakeConsole();
    const progress = createProgress(console);
    progress.show(stateEvent(0, 'running', '2 of 2 workers train.'));
    for (let phase = 0; phase < 100; phase++) progress.show(phaseEvent(phase + 1, phase, -1));
    progress.show(stateEvent(101, 'completed', 'All 100 phases are committed.'));
    const lines = console.err().split('\n');
    expect(lines[0]).toBe('r-1 is running: 2 of 2 workers train.');
    expect(lines[1]).toBe('phase 1/100  V -1.000  D(x) 0.750  D(G(z)) 0.250  50.0/s');
    expect(lines.at(-2)).toBe('r-1 is completed: All 100 phases are committed.');
    // 0 % to 100 % by tenths, two states, and the end of the last line.
    expect(lines).toHaveLength(11 + 2 + 1);
    expect(console.err()).not.toContain('\u001b');
    expect(console.out()).toBe('');
  });

  it('says what was seen of an illness and what people do, and when it is over', () => {
    const console = fakeConsole();
    const progress = createProgress(console);
    progress.show(alarmEvent(0, true));
    progress.show(alarmEvent(1, false));
    expect(console.err().split('\n')).toEqual([
      'r-1: alarm modeCollapse, after 900 phases: All pictures are one.',
      '  What people do: Lower the learning rates.',
      'r-1: alarm modeCollapse is over: All pictures are one.',
      '',
    ]);
  });

  it('says in one line what was measured of a checkpoint', () => {
    const console = fakeConsole();
    createProgress(console).show(evaluationEvent(0, 'G’s moving average after 40 phases: mmd2 0.5.'));
    expect(console.err()).toBe('r-1: G’s moving average after 40 phases: mmd2 0.5.\n');
  });

  it('keeps what was last seen where a phase of G has no V', () => {
    const console = fakeConsole();
    const progress = createProgress(console);
    progress.show(phaseEvent(0, 9, -1.5));
    progress.show(phaseEvent(1, 19));
    expect(console.err().split('\n')[1]).toBe('phase 20/100  V -1.500  D(x) 0.750  D(G(z)) 0.250  50.0/s');
  });

  it('says nothing more once it is stopped', () => {
    const console = fakeConsole();
    const progress = createProgress(console);
    progress.stop();
    progress.show(stateEvent(0, 'running'));
    progress.show(phaseEvent(1, 50));
    expect(console.err()).toBe('');
  });
});

/** Of cursor, line and colour, by ANSI X3.64, and the old ones that save and restore the cursor. */
const ESCAPES = new RegExp(`${String.fromCharCode(27)}(\\[[?0-9;]*[a-zA-Z]|[78])`, 'g');

describe('progress on a terminal', () => {
  it('is a bar within 80 columns on stderr, which gives way to sentences', () => {
    const console = fakeConsole({ tty: true });
    // Of a terminal cli-progress asks these two, beside what every stream has.
    Object.assign(console.stderr, { cursorTo: () => true, clearLine: () => true });
    const progress = createProgress(console);
    progress.show(phaseEvent(0, 49, -1));
    progress.show(alarmEvent(0, true));
    progress.show(phaseEvent(0, 49, -1));
    progress.show(stateEvent(1, 'completed', 'done.'));
    progress.stop();
    progress.show(phaseEvent(2, 60, -1));
    const plain = console.err().replace(ESCAPES, '');
    expect(plain).toContain('50% 50/100  V -1.000  D(x) 0.750  D(G(z)) 0.250  50.0/s');
    expect(plain).toContain('\nr-1: alarm modeCollapse, after 900 phases: All pictures are one.\n');
    expect(plain.trimEnd().split('\n').at(-1)).toBe('r-1 is completed: done.');
    for (const line of plain.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(console.err()).not.toContain('\u001b[?25l');
    expect(console.out()).toBe('');
  });
});

describe('colours', () => {
  it.each([
    [undefined, true, true],
    [undefined, false, false],
    [false, true, false],
    [true, false, true],
  ])('wanted %s, on a terminal %s → %s', (color, tty, coloured) => {
    const console = fakeConsole({ tty, environment: { color } });
    expect(colours(console, console.stderr).isColorSupported).toBe(coloured);
  });
});
