/** Proves what is a run's event: every kind as the coordinator tells it, and nothing with more, less or else in it. */
import { describe, expect, it } from 'vitest';
import { isFinal, RUN_STATES, runEventSchema } from '../../services/report/runEvent.ts';
import { alarmEvent, membershipEvent, phaseEvent, snapshotEvent, stateEvent } from '../telemetry/events.ts';

const EVENTS = [stateEvent(1), phaseEvent(2), snapshotEvent(3), membershipEvent(4), alarmEvent(5)];

describe('an event', () => {
  it.each(EVENTS)('of kind $kind is one, and travels as JSON unchanged', (event) => {
    expect(runEventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it('of a phase tells only what the phase has', () => {
    for (const statistics of [{}, { generatorLoss: 0.5, dFake: 0.25 }]) {
      expect(runEventSchema.safeParse({ ...phaseEvent(2), statistics }).success).toBe(true);
    }
    const { statistics: _, ...without } = phaseEvent(2);
    expect(runEventSchema.safeParse(without).success).toBe(false);
  });

  it.each(EVENTS)('of kind $kind with a field that nobody knows is refused', (event) => {
    expect(runEventSchema.safeParse({ ...event, extra: 1 }).success).toBe(false);
  });

  it.each([
    ['another schema', { schema: 'ganglion.v2' }],
    ['a negative sequence', { sequence: -1 }],
    ['half a sequence', { sequence: 1.5 }],
    ['an unknown kind', { kind: 'rumour' }],
    ['an unknown state', { state: 'dancing' }],
    ['no sentence', { why: undefined }],
    ['a phase that is no count', { phase: '3' }],
  ])('with %s is refused', (_, change) => {
    expect(runEventSchema.safeParse({ ...stateEvent(1), ...change }).success).toBe(false);
  });

  it.each(['discriminatorLoss', 'value'])('with a %s that is no number is refused', (name) => {
    const statistics = { [name]: '0.5' };
    expect(runEventSchema.safeParse({ ...phaseEvent(2), statistics }).success).toBe(false);
  });

  it('names the member that it is wrong about', () => {
    const event = { ...membershipEvent(4), members: [{ workerId: 'w', rank: 0, shards: [0, -1] }] };
    const { error } = runEventSchema.safeParse(event);
    expect(error?.issues[0]?.path).toEqual(['members', 0, 'shards', 1]);
  });
});

it('completed, failed and cancelled are final; a pause is not', () => {
  expect(RUN_STATES.filter(isFinal)).toEqual(['completed', 'failed', 'cancelled']);
});
