/** Proves that what `npm pack` makes installs in an empty folder, trains there, and has all that it reads and nothing of the tests. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';

const execute = promisify(execFile);
const NPM_FLAGS = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];

let folder: string;
let files: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-package-'));
  const { stdout } = await execute('npm', ['pack', '--json', '--pack-destination', folder], { cwd: packageRoot() });
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  files = packed.files.map(({ path }) => path);
  await execute('npm', ['install', ...NPM_FLAGS, join(folder, packed.filename)], { cwd: folder });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ganglion = (...args: string[]) => execute('npx', ['--no-install', 'ganglion', ...args], { cwd: folder });

it('has programs, contracts, presets and pages, and no source, map, test or tool of development', () => {
  for (const file of [
    'LICENSE',
    'README.md',
    'docs/licences.md',
    'docs/errors/disk.md',
    'deploy/local/nats-server.conf',
  ]) {
    expect(files).toContain(file);
  }
  const unwanted =
    /\.(ts|map|mjs|tsbuildinfo.*)$|^(tests|\.github)\/|^dist\/services\/(bench|docs|monitoring|reproduce)\//;
  expect(files.filter((file) => unwanted.test(file))).toEqual([]);
});

it('trains, evaluates and exports where nothing but it is installed', async () => {
  const sizes = ['--set', 'phases=12', '--set', 'checkpoints.everyPhases=12'];
  const { stdout, stderr } = await ganglion('quickstart', ...sizes, '--data-dir', 'out');
  expect(stderr).toContain('mnist-quick-1 is completed: All 12 phases are committed.');
  expect((await readFile(stdout.trim())).subarray(1, 4).toString()).toBe('PNG');
  const run = join('out', 'mnist-quick-1');
  const { stdout: measures } = await ganglion(
    'evaluate',
    `./${run}`,
    '--metrics',
    'frechet',
    '--samples',
    '100',
    '-o',
    'json',
  );
  expect(JSON.parse(measures)).toMatchObject({ phase: 12 });
  for (const format of ['tfjs', 'onnx']) await ganglion('export', `./${run}`, '--format', format, '--to', format);
  expect((await readFile(join(folder, 'onnx', 'generator.onnx'))).length).toBeGreaterThan(1_000);
  await ganglion('report', `./${run}`);
  expect((await ganglion('simulate', '--seeds', '2', '-o', 'name')).stdout).toBe('1-2\n');
  expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('mnist-quick-1');
});
