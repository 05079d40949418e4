/** Proves who a certificate says that it is: by URI or organizational unit, and by nothing that only looks so. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rolesOf } from '../../services/security/role.ts';
import { openTokensFile } from '../../services/security/tokens.ts';

describe('a certificate has', () => {
  it.each([
    ['URI:urn:ganglion:role:worker', undefined, ['worker']],
    ['DNS:localhost, IP Address:127.0.0.1, URI:urn:ganglion:role:admin', undefined, ['admin']],
    ['URI:urn:ganglion:role:client, URI:urn:ganglion:role:worker', undefined, ['client', 'worker']],
    ['DNS:localhost', 'worker', ['worker']],
    [undefined, ['people', 'client'], ['client']],
    ['DNS:localhost', undefined, []],
    ['URI:urn:ganglion:role:root', 'boss', []],
    ['URI:urn:ganglion:role:Admin', 'Admin', []],
    ['DNS:urn:ganglion:role:admin', undefined, []],
    // A name with a comma in it, which Node quotes.
    ['DNS:"a, URI:urn:ganglion:role:admin, b"', undefined, []],
    ['DNS:"a\\", URI:urn:ganglion:role:admin, b"', undefined, []],
    ['URI:"urn:ganglion:role:admin, x"', undefined, []],
  ])('%s and OU %s → %j', (subjectaltname, OU, roles) => {
    expect([...rolesOf({ subjectaltname, subject: { OU } })]).toEqual(roles);
  });
});

describe('a tokens file', () => {
  const open = async (text: string) => {
    const folder = await mkdtemp(join(tmpdir(), 'ganglion-tokens-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'tokens'), text);
    return openTokensFile(join(folder, 'tokens'), () => undefined);
  };
  const long = 'x'.repeat(32);

  it.each([
    ['', /has no token/],
    [`boss ${long}`, /line 1: found something else than a role \(client, worker, admin\) and a token/],
    [`# comment\nworker ${long} more`, /line 2: found something else/],
    ['worker short', /line 1: a token has at least 32 characters/],
    [`worker ${long}\nadmin ${long}`, /line 2: this token has a line above/],
  ])('%j is refused, and no secret is repeated', async (text, sentence) => {
    const refused = open(text);
    await expect(refused).rejects.toThrow(sentence);
    await expect(refused).rejects.not.toThrow(long);
  });
});
