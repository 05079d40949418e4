/** Proves what the bootstrap decides by itself: when packages are current, and that exit codes and signals pass through. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';

const bootstrap = join(packageRoot(), 'services', 'cli', 'bootstrap.mjs');
const module = (name: string) => `file://${join(packageRoot(), 'services', 'cli', 'bootstrap', name)}`;

/** The bootstrap is plain JavaScript, so its types are said here. */
interface Packages {
  packagesAreCurrent(root: string): boolean;
  stampPackages(root: string): void;
}

describe('packagesAreCurrent', () => {
  let root: string;
  let packages: Packages;
  beforeEach(async () => {
    packages = (await import(module('packages.mjs'))) as Packages;
    root = mkdtempSync(join(tmpdir(), 'ganglion-packages-'));
    writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion": 3}');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is false without node_modules, and with one that npm did not finish', () => {
    expect(packages.packagesAreCurrent(root)).toBe(false);
    mkdirSync(join(root, 'node_modules'));
    expect(packages.packagesAreCurrent(root)).toBe(false);
  });

  it('holds the stamp against the lock file’s content', () => {
    mkdirSync(join(root, 'node_modules'));
    packages.stampPackages(root);
    expect(packages.packagesAreCurrent(root)).toBe(true);
    writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion": 3, "packages": {}}');
    expect(packages.packagesAreCurrent(root)).toBe(false);
  });

  it('believes npm’s own lock file where it is newer than ours', () => {
    mkdirSync(join(root, 'node_modules'));
    const installed = join(root, 'node_modules', '.package-lock.json');
    writeFileSync(installed, '{}');
    utimesSync(installed, 2_000_000_000, 2_000_000_000);
    expect(packages.packagesAreCurrent(root)).toBe(true);
    utimesSync(installed, 1_000_000_000, 1_000_000_000);
    expect(packages.packagesAreCurrent(root)).toBe(false);
  });
});

describe('bootstrap.mjs', () => {
  it('says how it is used, on stderr, with exit code 2', () => {
    const child = spawnSync(process.execPath, [bootstrap, 'nonsense'], { encoding: 'utf8' });
    expect([child.status, child.stdout]).toEqual([2, '']);
    expect(child.stderr).toContain('quickstart|bench|reproduce|test|test:cluster|check');
  });
});

describe('step and show', () => {
  const script = (body: string) =>
    `import(${JSON.stringify(module('step.mjs'))}).then(async ({ show, step }) => { ${body} });`;
  const program = (code: string) => `process.execPath, ['-e', ${JSON.stringify(code)}]`;
  const run = (body: string) => spawnSync(process.execPath, ['-e', script(body)], { encoding: 'utf8' });

  it('passes the exit code on', () => {
    expect(run(`process.exitCode = await show(${program('process.exit(7)')});`).status).toBe(7);
  });

  it('dies of the signal that its program died of', () => {
    const child = run(`process.exitCode = await show(${program("process.kill(process.pid, 'SIGTERM')")});`);
    expect(child.signal).toBe('SIGTERM');
  });

  it('hands a signal down to its program', async () => {
    const body = `process.exitCode = await show(${program(
      "process.on('SIGTERM', () => process.exit(5)); console.log('ready'); setInterval(() => {}, 1000)",
    )});`;
    const child = spawn(process.execPath, ['-e', script(body)], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.once('data', () => child.kill('SIGTERM'));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(5);
  });

  it('shows a step’s output only where it fails', () => {
    const good = run(`process.exitCode = (await step('work', ${program("console.log('noise')")})) ? 0 : 1;`);
    expect([good.status, good.stdout]).toEqual([0, '']);
    expect(good.stderr).toMatch(/^✓ work \(\d+\.\d s\)\n$/);
    const bad = run(
      `process.exitCode = (await step('work', ${program("console.log('noise'); process.exit(3)")})) ? 0 : 1;`,
    );
    expect(bad.status).toBe(1);
    expect(bad.stderr).toMatch(/^✗ work \(\d+\.\d s\)\nnoise\n$/);
  });
});
