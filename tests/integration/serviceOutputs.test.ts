/**
 * Proves what services print: where a coordinator listens, the run of a quickstart; that a worker leaves stdout to others; and what
 * the install of the backend, which others must not meet halfway, tells programs.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { must } from '../../services/errors/invariant.ts';
import { expectDocument } from '../cli/documents.ts';
import { startProgram } from './cluster.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-services-'));
});
afterAll(() => rm(folder, { recursive: true }));

const FREE = ['--port', '0', '--http-port', '0', '--page-port', '0'];
const PLACE = expect.stringMatching(/^127\.0\.0\.1:\d+$/);

it('a coordinator says where it listens, as words or as a document; a worker says nothing', async () => {
  const coordinator = startProgram(['coordinator', ...FREE, '--data-dir', folder, '-o', 'jsonl']);
  const [line] = await once(must(coordinator.child.stdout, 'stdout'), 'data');
  const listens = JSON.parse(String(line)) as { address: string };
  expectDocument('coordinator', listens);
  expect(listens).toEqual({ address: PLACE, httpAddress: PLACE, pageAddress: PLACE });
  const worker = startProgram(['worker', '--coordinator', listens.address, '--backend', 'cpu', '-o', 'json']);
  const said = text(must(worker.child.stdout, 'stdout'));
  await once(must(worker.child.stderr, 'stderr'), 'data');
  await worker.kill('SIGTERM');
  expect(await said).toBe('');
  await coordinator.kill('SIGTERM');
  const named = startProgram(['coordinator', ...FREE, '--data-dir', folder, '-o', 'name']);
  expect(String(await once(must(named.child.stdout, 'stdout'), 'data'))).toMatch(/^127\.0\.0\.1:\d+\n$/);
  await named.kill('SIGTERM');
});

it('the install of the backend tells programs what is there', async () => {
  const { child, words } = startProgram(['backend', 'install', '-o', 'json']);
  const out = text(must(child.stdout, 'stdout'));
  const [code] = await once(child, 'close');
  expect(code, words()).toBe(0);
  const folder = join(packageRoot(), 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  const installed: unknown = JSON.parse(await out);
  expectDocument('backend install', installed);
  expect(installed).toMatchObject({ outcome: 'already-installed', folder });
});

it('a quickstart gives its run to programs', async () => {
  const sizes = ['--workers', '1', '--set', 'phases=6', '--data-dir', folder];
  const { child, words } = startProgram(['quickstart', ...sizes, '-o', 'json']);
  const out = text(must(child.stdout, 'stdout'));
  const [code] = await once(child, 'close');
  expect(code, words()).toBe(0);
  const run: unknown = JSON.parse(await out);
  expectDocument('quickstart', run);
  expect(run).toMatchObject({ runId: 'mnist-quick-1', state: 'completed', phase: 6 });
});
