/**
 * Proves that who comes back with a cursor knows as much as who never left: wherever a story was cut, the frame before and the
 * frame after give what one frame gives.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RunModel, withFrame } from '../../../services/page/browser/runModel.ts';
import type { RunFrame } from '../../../services/page/live/frame.ts';
import { cursorText, parseCursor, RunStory } from '../../../services/page/live/runStory.ts';
import type { RunEvent } from '../../../services/report/runEvent.ts';
import { phaseEvent, stateEvent } from '../../telemetry/events.ts';

/** What a frame has beside the story; the model takes it as it is. */
const REST = {} as Pick<RunFrame, 'run' | 'lanes' | 'game'>;

function eventAt(sequence: number): RunEvent {
  if (sequence % 37 === 0) return stateEvent(sequence);
  if (sequence % 11 === 0) {
    const { schema, runId, timeMs } = stateEvent(sequence);
    return { schema, runId, timeMs, sequence, kind: 'snapshot', phase: sequence, artifact: `fakes_${sequence}.png` };
  }
  return { ...phaseEvent(sequence), phase: sequence };
}

function told(story: RunStory, before: RunModel | undefined, cursor: string | undefined): RunModel {
  return withFrame(before, { ...REST, ...story.since(parseCursor(cursor)) });
}

describe('a story that is told in two parts', () => {
  it('is the one that is told at once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_500 }), fc.integer({ min: 0, max: 2_500 }), (first, second) => {
        const story = new RunStory();
        for (let i = 0; i < first; i += 1) story.add(eventAt(i));
        const before = told(story, undefined, undefined);
        const cursor = cursorText(story.cursor);
        // Another coordinator, which read the same history.
        const restarted = new RunStory();
        for (let i = 0; i < first + second; i += 1) restarted.add(eventAt(i));
        expect(told(restarted, before, cursor)).toEqual(told(restarted, undefined, undefined));
      }),
      { numRuns: 15 },
    );
  });

  it('begins anew for a cursor of another history, and for what is no cursor', () => {
    const story = new RunStory();
    story.add(stateEvent(0));
    for (const cursor of ['5-1', 'x', '', '-1-1', undefined]) {
      const { whole, happenings } = story.since(parseCursor(cursor));
      expect([whole, happenings.length]).toEqual([true, 1]);
    }
    const { whole, happenings, curves } = story.since(parseCursor(cursorText(story.cursor)));
    expect([whole, happenings, curves]).toEqual([false, [], undefined]);
  });

  it('stays bounded, however long the run is', () => {
    const story = new RunStory();
    for (let i = 0; i < 20_000; i += 1) story.add(eventAt(i));
    expect(JSON.stringify(story.since(parseCursor(undefined))).length).toBeLessThan(800_000);
  });
});
