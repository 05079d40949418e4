/** Proves who may go on and what the others hear, where the table of RPCs does not reach: clocks, and tokens of no use. */
import { describe, expect, it } from 'vitest';
import { type Caller, refusalOf, STRANGER } from '../../services/security/caller.ts';

const WORKER: Caller = { name: 'w', roles: new Set(['worker']), obstacle: undefined, expiresAtMs: 1_000 };
const ask = (caller: Caller, token: Parameters<typeof refusalOf>[1], nowMs = 0) =>
  refusalOf(caller, token, ['worker'], 'A/B', nowMs);

describe('a caller', () => {
  it('is let in by its certificate until that ends, on a connection that stands as well', () => {
    expect(ask(WORKER, undefined, 999)).toBeUndefined();
    expect(ask(WORKER, undefined, 1_000)?.message).toBe('A/B was refused to a caller: its certificate has expired.');
  });

  it('is let in by its token, whatever its certificate is', () => {
    expect(ask(STRANGER, { taken: true, role: 'worker' })).toBeUndefined();
    expect(ask(WORKER, { taken: true, role: 'client' })).toMatchObject({ code: 'forbidden' });
    expect(ask(WORKER, { taken: true, role: undefined })).toMatchObject({ code: 'unauthenticated' });
  });

  it('whose token nobody takes is let in by its certificate, or hears that nobody takes it', () => {
    expect(ask(WORKER, { taken: false, role: undefined })).toBeUndefined();
    expect(ask(STRANGER, { taken: false, role: undefined })?.message).toMatch(/takes no tokens \(--tokens-file\)\.$/);
  });
});
