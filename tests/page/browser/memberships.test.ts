/** Proves who is shown to have worked from when to when. */
import { expect, it } from 'vitest';
import { membershipsOf } from '../../../services/page/browser/memberships.ts';
import type { Happening } from '../../../services/page/live/frame.ts';

const at = (timeMs: number) => ({ sequence: timeMs, timeMs, phase: timeMs, why: '' });
const members = (timeMs: number, generation: number, ...workers: string[]): Happening => {
  return { ...at(timeMs), kind: 'membership', generation, workers };
};

it('a worker that stays has one bar, one that is lost ends, one that comes begins', () => {
  const happenings: Happening[] = [
    members(1, 1, 'a', 'b'),
    { ...at(2), kind: 'state', state: 'running' },
    members(5, 2, 'b'),
    members(7, 3, 'b', 'c'),
    { ...at(9), kind: 'state', state: 'completed' },
  ];
  expect(membershipsOf(happenings)).toEqual([
    { workerId: 'a', fromMs: 1, toMs: 5, generation: 1 },
    { workerId: 'b', fromMs: 1, toMs: 9, generation: 1 },
    { workerId: 'c', fromMs: 7, toMs: 9, generation: 3 },
  ]);
});

it('who works still has no end', () => {
  expect(membershipsOf([members(1, 1, 'a')])).toEqual([{ workerId: 'a', fromMs: 1, toMs: undefined, generation: 1 }]);
});
