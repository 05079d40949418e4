/** Proves who is let in, who waits and who is turned away, and with which words. */
import { describe, expect, it } from 'vitest';
import { admit, type House } from '../../services/mesh/admission.ts';
import type { Hello } from '../../services/mesh/handshakeMessage.ts';

const house: House = {
  current: { runId: 'run-1', generation: 5, key: 'key' },
  guests: { workerId: 'one', rankOf: new Map([['two', 1]]), present: new Set() },
  over: false,
  servesStates: true,
};

const common = { type: 'hello', version: 1, runId: 'run-1', generation: 5, nonce: '', waitMs: 1 } as const;
const gradient: Hello = { ...common, purpose: 'gradient', workerId: 'two', rank: 1, to: 'one' };
const state: Hello = { ...common, purpose: 'state', phase: 3, offset: 0 };

describe('a member of the generation', () => {
  it('is welcome', () => {
    expect(admit(gradient, house)).toEqual({ answer: 'welcome' });
    expect(admit(state, house)).toEqual({ answer: 'welcome' });
  });

  it('may fetch a state before the mesh is open, and after it was closed', () => {
    expect(admit(state, { ...house, guests: undefined })).toEqual({ answer: 'welcome' });
    expect(admit(state, { ...house, guests: undefined, over: true })).toEqual({ answer: 'welcome' });
  });
});

describe('who comes before this worker knows of it', () => {
  it.each([
    ['of a newer generation', { ...gradient, generation: 6 }, house],
    ['of another run', { ...gradient, runId: 'run-2', generation: 1 }, house],
    ['while this worker is in no run', gradient, { ...house, current: undefined }],
    ['before the mesh is open', gradient, { ...house, guests: undefined }],
    ['for a state of a newer generation', { ...state, generation: 6 }, house],
  ])('waits: %s', (_, hello, at) => {
    expect(admit(hello, at)).toEqual({ answer: 'wait' });
  });
});

describe('anybody else is turned away', () => {
  it.each([
    ['an older generation', { ...gradient, generation: 4 }, house, 'generation 4 is over; generation 5 is current'],
    ['a state of an older one', { ...state, generation: 4 }, house, 'generation 4 is over; generation 5 is current'],
    ['a closed mesh', gradient, { ...house, over: true }, 'generation 5 is over'],
    ['another version', { ...gradient, version: 2 }, house, 'it speaks version 2; this worker speaks 1'],
    ['a call to somebody else', { ...gradient, to: 'three' }, house, 'this is worker one, not three'],
    ['a stranger', { ...gradient, workerId: 'x' }, house, 'worker x is no member of generation 5 with rank 1'],
    ['another’s rank', { ...gradient, rank: 2 }, house, 'worker two is no member of generation 5 with rank 2'],
    [
      'who is in already',
      gradient,
      { ...house, guests: { workerId: 'one', rankOf: new Map([['two', 1]]), present: new Set([1]) } },
      'worker two is connected already',
    ],
    ['a state where none is given', state, { ...house, servesStates: false }, 'this worker gives no state away'],
  ])('%s', (_, hello, at, why) => {
    expect(admit(hello as Hello, at)).toEqual({ answer: 'refuse', why });
  });
});
