/** Proves that a subject is safe. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageId, subjectOf } from '../../services/telemetry/subjects.ts';
import { stateEvent } from './events.ts';

describe('subjectOf', () => {
  it('is ganglion.v1.runs.<runId>.<kind>', () => {
    expect(subjectOf({ runId: 'mnist-quick-1', kind: 'membership' })).toBe('ganglion.v1.runs.mnist-quick-1.membership');
    expect(messageId(stateEvent(7))).toBe('run-1:7');
  });

  it.each(['', 'a.b', '*', '>', 'a b', 'a\tb', 'a\nb', 'ü', 'x'.repeat(201)])('refuses %j', (runId) => {
    expect(() => subjectOf({ runId, kind: 'state' })).toThrow('one subject token');
  });

  it('has five tokens and fewer than 256 characters, or refuses', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9-]{1,250}$/)), (runId) => {
        let subject: string;
        try {
          subject = subjectOf({ runId, kind: 'membership' });
        } catch {
          return;
        }
        expect(subject).toMatch(/^ganglion\.v1\.runs\.[^.*>\s]+\.membership$/);
        expect(subject.length).toBeLessThan(256);
      }),
    );
  });
});
