/** Proves that the minutes of a run are those in which it trained, also where it was broken off and went on the next day. */
import { expect, it } from 'vitest';
import { TrainingTime } from '../../services/reproduce/trainingTime.ts';
import { phaseEvent, stateEvent } from '../cli/views.ts';

const minutes = (...events: readonly (readonly ['running' | 'waiting' | 'completed' | 'phase', number])[]) => {
  const time = new TrainingTime();
  for (const [kind, atMinute] of events) {
    const event = kind === 'phase' ? phaseEvent(0, 1) : stateEvent(0, kind);
    time.count({ ...event, timeMs: atMinute * 60_000 });
  }
  return time.minutes;
};

it.each([
  [
    'from its beginning to its end',
    4,
    [
      ['waiting', 1],
      ['running', 2],
      ['phase', 3],
      ['completed', 6],
    ],
  ],
  [
    'without the night',
    3,
    [
      ['running', 0],
      ['phase', 2],
      ['waiting', 600],
      ['running', 601],
      ['completed', 602],
    ],
  ],
  [
    'also where nothing was said when it broke off',
    3,
    [
      ['running', 0],
      ['phase', 2],
      ['running', 600],
      ['completed', 601],
    ],
  ],
  [
    'none where it never began',
    0,
    [
      ['waiting', 0],
      ['waiting', 9],
    ],
  ],
] as const)('%s', (_, expected, events) => {
  expect(minutes(...events)).toBe(expected);
});
