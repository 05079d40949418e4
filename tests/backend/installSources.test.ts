/** Proves what `backend install` takes with --from and --gpu, and that what it cannot use leaves the former install. */
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nativeFiles } from '../../services/backend/site.ts';
import { readStamp } from '../../services/backend/stamp.ts';
import { pinnedWheels } from '../../services/backend/wheels.ts';
import { libraryFiles, makeWheel, sha256, zip } from './fakeSite.ts';
import { fake, install, refusal } from './installing.ts';

describe('install --gpu', () => {
  it('adds CUDA’s libraries and programs, and then serves who asks for the CPU as well', async () => {
    const { site } = fake();
    const cuda = { project: 'cuda', version: '1', file: 'cuda-1-py3-none-manylinux_2_27_x86_64.whl', sha256: '' };
    const kept = join(site.cacheFolder, cuda.file);
    mkdirSync(site.cacheFolder);
    const names = ['nvidia/blas/lib/libblas.so.12', 'nvidia/nvcc/bin/ptxas', 'nvidia/blas/include/unwanted.h'];
    writeFileSync(kept, zip(new Map(names.map((name) => [name, Buffer.from(name)]))));
    const gpu = [...site.wheels.gpu, { ...cuda, sha256: sha256(kept) }];
    const gpuSite = { ...site, wheels: { ...site.wheels, gpu } };

    expect((await install(gpuSite, { gpu: true })).stamp.gpu).toBe(true);
    const { deps } = nativeFiles(site.packageFolder);
    expect(names.map((name) => existsSync(join(deps, name)))).toEqual([true, true, false]);
    expect(() => accessSync(join(deps, 'nvidia/nvcc/bin/ptxas'), constants.X_OK)).not.toThrow();
    expect((await install(gpuSite)).outcome).toBe('already-installed');
  });

  it('is refused where no CUDA library is pinned', async () => {
    const { site } = fake();
    const arm = { ...site, arch: 'arm64', wheels: pinnedWheels('linux', 'arm64') };
    const error = await refusal(install(arm, { gpu: true }));
    expect(error.message).toContain('linux on arm64');
    expect(error.remedy).toContain('without --gpu');
  });
});

describe('install --from', () => {
  it('takes a wheel as it is named and prints its hash, on any platform', async () => {
    const { site, folder } = fake();
    const wheel = join(folder, 'mine.whl');
    makeWheel(wheel, '7.7.7');
    const lines: string[] = [];
    const report = await install({ ...site, platform: 'darwin' }, { from: wheel, log: (line) => lines.push(line) });
    expect(report.stamp).toMatchObject({ version: '7.7.7', source: wheel });
    expect(lines.join('\n')).toContain(sha256(wheel));
    expect((await install(site, { from: wheel })).outcome).toBe('already-installed');
  });

  it('takes site-packages, and a folder with lib and include', async () => {
    const { site, folder } = fake();
    const packages = join(folder, 'site-packages');
    const plain = join(folder, 'plain');
    for (const [name, data] of libraryFiles('6.6.6')) {
      const place = name.replace(/^tensorflow\/(lib[^/]+)$/, 'lib/$1').replace(/^tensorflow\/include/, 'include');
      for (const file of [join(packages, name), join(plain, place)]) {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, data);
      }
    }
    for (const from of [packages, plain]) {
      const report = await install(site, { from });
      expect(report).toMatchObject({ outcome: 'installed', stamp: { version: '6.6.6', wheelSha256: null } });
    }
  });

  it('refuses what holds no library, and leaves the former install', async () => {
    const { site, folder } = fake();
    await install(site);
    writeFileSync(join(folder, 'text.whl'), 'not a zip');
    expect((await refusal(install(site, { from: join(folder, 'nothing') }))).code).toBe('not-found');
    expect((await refusal(install(site, { from: join(folder, 'empty') }))).code).toBe('not-found');
    expect((await refusal(install(site, { from: join(folder, 'text.whl') }))).code).toBe('corrupt');
    expect(readStamp(site.packageFolder)?.version).toBe('9.9.9');
  });

  it('refuses a library that crashes, and leaves the former install', async () => {
    const { site, folder } = fake();
    await install(site);
    const wheel = join(folder, 'crashing.whl');
    makeWheel(wheel, undefined);
    const error = await refusal(install(site, { from: wheel }));
    expect(error.message).toMatch(/native library does not work here: loading it ended by SIG/);
    expect(readStamp(site.packageFolder)?.version).toBe('9.9.9');
  });
});
