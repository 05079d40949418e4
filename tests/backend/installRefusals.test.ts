/** Proves that `backend install` names what is missing, with its remedy, and then changed nothing. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStamp } from '../../services/backend/stamp.ts';
import { pinnedWheels } from '../../services/backend/wheels.ts';
import { makeWheel } from './fakeSite.ts';
import { fake, install, refusal } from './installing.ts';

describe('what is missing is named, with its remedy', () => {
  it.each([
    ['no python3', { PATH: '', CXX: '/usr/bin/g++' }, /no python3/, /apt-get install -y python3-pip/],
    ['no compiler', { PATH: '' }, /no C\+\+ compiler/, /apt-get install -y g\+\+/],
    ['a wrong CXX', { CXX: 'no-such-compiler' }, /\$CXX names no-such-compiler/, /set CXX/],
    ['no network', { FAKE_PIP_ERROR: 'Could not reach the index' }, /Could not reach the index/, /network/],
  ])('%s', async (_, changes, message, remedy) => {
    const { site } = fake();
    const env = { ...site.env, ...changes };
    const error = await refusal(install({ ...site, env }));
    expect(error.message).toMatch(message);
    expect(error.remedy).toMatch(remedy);
    expect(readStamp(site.packageFolder)).toBeUndefined();
    expect(readdirSync(site.packageFolder)).toEqual(['binding']);
  });

  it('a python3 without pip', async () => {
    const { site, folder } = fake();
    writeFileSync(join(folder, 'bin', 'python3'), '#!/bin/sh\necho "No module named pip" >&2\nexit 1\n');
    const error = await refusal(install(site));
    expect(error.message).toContain('No module named pip');
    expect(error.remedy).toContain('python3-pip');
  });

  it('a wheel with the wrong hash', async () => {
    const { site, wheel } = fake();
    makeWheel(wheel, 'evil');
    const error = await refusal(install(site));
    expect(error.code).toBe('corrupt');
    expect(error.message).toContain(site.wheels.cpu[0]?.sha256);
    expect(readdirSync(site.cacheFolder)).toEqual([]);
    expect(readStamp(site.packageFolder)).toBeUndefined();
  });

  it('too little room on the disk', async () => {
    const { site } = fake();
    const error = await refusal(install({ ...site, freeBytes: () => 1e9 }));
    expect([error.code, error.message]).toEqual(['disk', expect.stringContaining('1.0 GB free')]);
  });

  it('a disk that pip fills', async () => {
    const { site } = fake();
    const env = { ...site.env, FAKE_PIP_ERROR: '[Errno 28] No space left on device' };
    const error = await refusal(install({ ...site, env }));
    expect([error.code, error.remedy]).toEqual(['disk', expect.stringContaining('Make room')]);
    expect(readdirSync(site.cacheFolder)).toEqual([]);
  });

  it.each([
    ['darwin', 'arm64'],
    ['linux', 'riscv64'],
  ])('another platform: %s %s', async (platform, arch) => {
    const { site } = fake();
    const error = await refusal(install({ ...site, platform, arch, wheels: pinnedWheels(platform, arch) }));
    expect(error.message).toContain(`${platform} on ${arch}`);
    expect(error.remedy).toMatch(/WASM.*--from/);
  });
});
