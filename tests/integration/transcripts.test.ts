/**
 * Proves that what the pages show of commands is what they print: each `console` block is run against real coordinators, with
 * runs and files as its page assumes them, and its output and exit code are compared.
 */
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { ERROR_CODES, type ErrorCode } from '../../services/errors/errorCodes.ts';
import { CheckoutShell } from '../docs/checkoutShell.ts';
import { blocksRunBy } from '../docs/shellBlocks.ts';
import { Cluster, type Program, startProgram } from './cluster.ts';
import { freePort } from './freePort.ts';

const BLOCKS = blocksRunBy('tests/integration/transcripts.test.ts');
const RING = join(packageRoot(), 'tests', 'fixtures', 'v1', 'data', 'whole');
const TOKENS = { admin: 'a'.repeat(32), worker: 'w'.repeat(32) };
const BROKEN_POINTS = [
  'name: points',
  'phases: 10',
  'data: { dataset: csv, path: points.csv, normalize: none }',
  'latent: { size: 2, distribution: normal }',
  'generator: { layers: [{ type: dense, units: 2 }] }',
  'discriminator: { layers: [{ type: dense, units: 1 }] }',
  'optimizer:',
  '  generator: { type: adam, learningRate: 0.001 }',
  '  discriminator: { type: adam, learningRate: 0.001 }',
];

let cluster: Cluster;
let guarded: Program;
let shell: CheckoutShell;
/** What the pages call the place of a person, and what it is here. */
let places: readonly (readonly [string, string])[];

beforeAll(async () => {
  cluster = await Cluster.start();
  // Also a machine that has a GPU hides it.
  shell = await CheckoutShell.open({ GANGLION_COORDINATOR: cluster.address, CUDA_VISIBLE_DEVICES: '' });
  const file = (name: string, text: string) => writeFileSync(join(shell.home, name), text);

  file('tokens', `admin ${TOKENS.admin}\nworker ${TOKENS.worker}\n`);
  file('worker.token', `${TOKENS.worker}\n`);
  const folders = ['--data-dir', join(shell.home, 'guarded'), '--tokens-file', join(shell.home, 'tokens')];
  guarded = startProgram(['coordinator', ...['--port', '0', '--http-port', '0', '--page-port', '0'], ...folders]);
  const [line] = (await once(guarded.child.stdout ?? expect.fail('no stdout'), 'data')) as [Buffer];
  places = [
    ['/home/ann/gan', shell.home],
    ['7600', portOf(cluster.address)],
    ['7601', portOf(String(line).split(' ')[0] ?? '')],
    ['7699', String(await freePort())],
  ];

  // ring-1 was written by a version to come, ring-2 was damaged, ring-3 is whole.
  for (const name of ['ring-1', 'ring-2', 'ring-3']) cpSync(RING, join(shell.home, name), { recursive: true });
  const manifest = join(shell.home, 'ring-1', 'checkpoints', 'phase-000000040', 'manifest.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('ganglion.checkpoint.v1', 'ganglion.checkpoint.v9'));
  const state = join(shell.home, 'ring-2', 'checkpoints', 'phase-000000040', 'state.safetensors');
  const bytes = readFileSync(state);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 5) ^ 1, bytes.length - 5);
  writeFileSync(state, bytes);

  file('points.csv', '0.1,0.2\n0.3,oops\n');
  file('points.yaml', BROKEN_POINTS.join('\n'));
  // mnist-quick-1 waits for workers, mnist-quick-2 is cancelled.
  const launch = 'npx ganglion launch --preset mnist-quick -o name';
  const { code, output } = await shell.run(`${launch}\n${launch}\nnpx ganglion runs cancel mnist-quick-2 -o name`);
  expect([code, output]).toEqual([0, 'mnist-quick-1\nmnist-quick-2\nmnist-quick-2\n']);
});
afterAll(async () => {
  shell.remove();
  await guarded.kill('SIGTERM');
  await cluster.stop();
});

const portOf = (address: string) => address.split(':').at(-1) ?? '';

function here(text: string): string {
  return places.reduce((all, [page, real]) => all.replaceAll(page, real), text);
}

/** Without what differs each time. */
function asOnPage(text: string): string {
  const there = places.reduce((all, [page, real]) => all.replaceAll(real, page), text);
  return there.replaceAll(/\.partial-\d+/g, '.partial-4711');
}

describe('transcripts', () => {
  it.each(BLOCKS.map((block) => [block.page, block] as const))('%s', async (_, { text }) => {
    for (const part of text.split(/^\$ /m).filter((one) => one !== '')) {
      const [command = '', ...lines] = part.trimEnd().split('\n');
      const { code, output } = await shell.run(here(command));
      expect(asOnPage(output).trimEnd()).toBe(lines.join('\n'));
      const named = /^ {2}[\w-]+: docs\/errors\/([\w-]+)\.md$/m.exec(output)?.[1];
      expect(code).toBe(named === undefined ? 0 : ERROR_CODES[named as ErrorCode].exitCode);
    }
  });
});
