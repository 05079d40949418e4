/** Proves that a subject is safe, and that the committed JSON Schema is the one that the code checks messages with. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { MESSAGE_SCHEMA_FILE, messageSchemaText, writeMessageSchema } from '../../services/telemetry/messageSchema.ts';
import { messageId, subjectOf } from '../../services/telemetry/subjects.ts';
import { stateEvent } from './events.ts';
import { temporaryFolder } from './temporaryFolder.ts';

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

describe('messageSchema', () => {
  it('is the committed file', () => {
    const committed = join(packageRoot(), 'deploy', 'local', MESSAGE_SCHEMA_FILE);
    const cure =
      'npm run build && ' +
      `node -e "import('./dist/services/telemetry/messageSchema.js').then((m) => m.writeMessageSchema('deploy/local'))"`;
    const text = existsSync(committed) ? readFileSync(committed, 'utf8') : '';
    expect(text, `${committed} is not what the code says. Run: ${cure}`).toBe(messageSchemaText());
  });

  it('is written by writeMessageSchema', async () => {
    const folder = temporaryFolder();
    await writeMessageSchema(folder);
    const schema = JSON.parse(readFileSync(join(folder, MESSAGE_SCHEMA_FILE), 'utf8'));
    const kinds = schema.oneOf.map((form: { properties: { kind: { const: string } } }) => form.properties.kind.const);
    expect(kinds.sort()).toEqual(['alarm', 'evaluation', 'membership', 'phase', 'snapshot', 'state']);
  });
});
