/**
 * Proves that `backend install` gives a whole backend or none: installed once, found again, repaired where half of it
 * is there, safe beside a second install. The compiler, the child process and the zip are real; the library is a small
 * stand-in.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installBackend } from '../../services/backend/install.ts';
import { nativeFiles } from '../../services/backend/site.ts';
import { readStamp } from '../../services/backend/stamp.ts';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { makeWheel } from './fakeSite.ts';
import { fake, install, refusal } from './installing.ts';

describe('install', () => {
  it('installs the pinned wheel, and finds it the second time without work', async () => {
    const { site, downloads } = fake();
    const first = await install(site);
    expect(first.outcome).toBe('installed');
    expect(first.stamp).toMatchObject({ version: '9.9.9', gpu: false, wheelSha256: site.wheels.cpu[0]?.sha256 });
    const files = nativeFiles(site.packageFolder);
    expect(createRequire(import.meta.url)(files.addon).TF_Version).toBe('9.9.9');
    expect(existsSync(join(files.headers, 'absl'))).toBe(false);
    expect(readdirSync(site.packageFolder).sort()).toEqual(['binding', 'deps', 'lib']);

    const second = await install(site);
    expect(second.outcome).toBe('already-installed');
    expect(second.elapsedMs).toBeLessThan(100);
    expect(downloads()).toBe(1);
  });

  it('takes a half-done install for none, clears its remains and does not download again', async () => {
    const { site, downloads } = fake();
    await install(site);
    rmSync(nativeFiles(site.packageFolder).stamp);
    mkdirSync(join(site.packageFolder, '.partial-999999', 'deps'), { recursive: true });
    mkdirSync(join(site.packageFolder, '.old-999999'));
    expect(readStamp(site.packageFolder)).toBeUndefined();

    expect((await install(site)).outcome).toBe('installed');
    expect(readdirSync(site.packageFolder).sort()).toEqual(['binding', 'deps', 'lib']);
    expect(downloads()).toBe(1);
  });

  it('clears up after an install that was killed, and does its work', async () => {
    const { site, downloads } = fake();
    const module = join(packageRoot(), 'dist', 'services', 'backend', 'install.js');
    const script = `import(${JSON.stringify(`file://${module}`)}).then(({ installBackend }) => installBackend(
      { gpu: false, from: undefined, log: (line) => console.log(line) },
      { ...${JSON.stringify(site)}, freeBytes: () => 1e12 }))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (text) => String(text).includes('building') && child.kill('SIGKILL'));
    const signal = await new Promise((end) => child.once('close', (_, name) => end(name)));
    expect(signal).toBe('SIGKILL');
    expect(readdirSync(site.packageFolder).sort()).toEqual([
      '.ganglion-install.lock',
      `.partial-${child.pid}`,
      'binding',
    ]);

    expect((await install(site)).outcome).toBe('installed');
    expect(readdirSync(site.packageFolder).sort()).toEqual(['binding', 'deps', 'lib']);
    expect(downloads()).toBe(1);
  });

  it('stops when it is told to, and leaves the former install', async () => {
    const { site, folder } = fake();
    await install(site);
    const wheel = join(folder, 'other.whl');
    makeWheel(wheel, '8.8.8');
    const stop = new AbortController();
    const log = (line: string) => line.startsWith('building') && stop.abort();
    const error = await refusal(installBackend({ gpu: false, from: wheel, log, signal: stop.signal }, site));
    expect(error.code).toBe('aborted');
    expect(readStamp(site.packageFolder)?.version).toBe('9.9.9');
    expect(readdirSync(site.packageFolder).sort()).toEqual(['binding', 'deps', 'lib']);
  });

  it('sees a missing library and a damaged stamp', async () => {
    const { site } = fake();
    await install(site);
    const { stamp, addon } = nativeFiles(site.packageFolder);
    const good = readFileSync(stamp);
    writeFileSync(stamp, '{"format": 2');
    expect(readStamp(site.packageFolder)).toBeUndefined();
    writeFileSync(stamp, good);
    expect(readStamp(site.packageFolder)).toBeDefined();
    rmSync(addon);
    expect(readStamp(site.packageFolder)).toBeUndefined();
  });

  it('builds again where the addon’s sources changed', async () => {
    const { site } = fake();
    const { stamp } = await install(site);
    const source = site.bindingSource;
    writeFileSync(source, `${readFileSync(source, 'utf8')}\n// changed\n`);
    const again = await install(site);
    expect(again.outcome).toBe('installed');
    expect(again.stamp.addonSourceSha256).not.toBe(stamp.addonSourceSha256);
  });

  it('fetches a damaged cached wheel again', async () => {
    const { site, downloads } = fake();
    const file = site.wheels.cpu[0]?.file ?? '';
    mkdirSync(join(site.cacheFolder, '.partial-999999'), { recursive: true });
    writeFileSync(join(site.cacheFolder, file), 'cut off');
    expect((await install(site)).outcome).toBe('installed');
    expect(downloads()).toBe(1);
    expect(readdirSync(site.cacheFolder)).toEqual([file]);
  });

  it('lets one of two installs at once do the work', async () => {
    const { site, downloads } = fake();
    const reports = await Promise.all([install(site), install(site)]);
    expect(reports.map(({ outcome }) => outcome).sort()).toEqual(['already-installed', 'installed']);
    expect(downloads()).toBe(1);
  });
});
