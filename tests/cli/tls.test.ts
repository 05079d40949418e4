/** Proves that `ganglion tls` makes what `--tls-dir` takes: a CA, keys nobody else reads, and the roles that were asked for. */
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rolesOf } from '../../services/security/role.ts';
import { ganglion } from './fakeConsole.ts';

let above: string;
let folder: string;
beforeAll(async () => {
  above = await mkdtemp(join(tmpdir(), 'ganglion-tls-'));
  folder = join(above, 'tls');
  const { code, out } = await ganglion(['tls', 'init', folder, '--hosts', 'trainer.example.org,10.0.0.5']);
  expect(code).toBe(0);
  expect(out.trim().split('\n')).toEqual(['coordinator', 'worker', 'client', 'admin'].map((who) => join(folder, who)));
});
afterAll(() => rm(above, { recursive: true }));

async function certificateOf(who: string): Promise<X509Certificate> {
  return new X509Certificate(await readFile(join(folder, who, 'tls.crt')));
}

async function rolesIn(who: string): Promise<string[]> {
  const { subjectAltName = '' } = await certificateOf(who);
  return [...rolesOf({ subjectaltname: subjectAltName, subject: {} as never })].sort();
}

it.each([
  ['coordinator', []],
  ['worker', ['worker']],
  ['client', ['client']],
  ['admin', ['admin']],
])('%s: signed by the CA, with its role, and a key for its owner alone', async (who, roles) => {
  const ca = new X509Certificate(await readFile(join(folder, who, 'ca.crt')));
  expect((await certificateOf(who)).verify(ca.publicKey)).toBe(true);
  expect(await rolesIn(who)).toEqual(roles);
  expect((await stat(join(folder, who, 'tls.key'))).mode & 0o777).toBe(0o600);
});

it('what is dialled has the hosts that were asked for, and this machine', async () => {
  const certificate = await certificateOf('coordinator');
  for (const host of ['trainer.example.org', 'localhost']) expect(certificate.checkHost(host)).toBe(host);
  for (const address of ['10.0.0.5', '127.0.0.1']) expect(certificate.checkIP(address)).toBe(address);
  expect((await certificateOf('client')).checkHost('trainer.example.org')).toBeUndefined();
});

it('a certificate may have several roles', async () => {
  const { code, out } = await ganglion(['tls', 'issue', folder, 'pods', '--role', 'worker,client', '--days', '30']);
  expect(code).toBe(0);
  expect(out).toBe(`${join(folder, 'pods')}\n`);
  expect(await rolesIn('pods')).toEqual(['client', 'worker']);
  const days = (Date.parse((await certificateOf('pods')).validTo) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThan(30.1);
});

it.each([
  [
    ['issue', 'tls', 'a', '--role', 'worker,boss'],
    /--role: found 'worker,boss'; coordinator, worker, client, admin are/,
  ],
  [['issue', 'tls', '../a', '--role', 'client'], /The name '\.\.\/a' is not one/],
  [['issue', 'tls', 'a', '--role', 'client', '--hosts', 'a b'], /--hosts: found 'a b'/],
  [['issue', 'tls', 'a'], /--role/],
])('%j is refused in a sentence', async (args, sentence) => {
  const { code, err } = await ganglion(['tls', ...args]);
  expect(code).toBe(2);
  expect(err).toMatch(sentence);
});

it('what is there is not written over', async () => {
  const before = await readFile(join(folder, 'ca', 'ca.key'));
  expect((await ganglion(['tls', 'init', folder])).code).not.toBe(0);
  expect((await ganglion(['tls', 'issue', folder, 'client', '--role', 'admin'])).code).not.toBe(0);
  expect(await readFile(join(folder, 'ca', 'ca.key'))).toEqual(before);
  expect(await rolesIn('client')).toEqual(['client']);
});
