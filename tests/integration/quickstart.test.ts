/** Proves the one command: quickstart trains on this machine and leaves pictures; Ctrl-C stops it with nothing lost. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyCheckpoints } from '../../services/checkpoint/verify.ts';
import { startProgram } from './cluster.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-quickstart-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('ganglion quickstart', () => {
  it('ends with a grid of pictures, and says where everything is', async () => {
    const dataDir = join(folder, 'whole');
    const settings = ['--set', 'phases=60', '--set', 'snapshots.everyPhases=30'];
    const program = startProgram(['quickstart', '--data-dir', dataDir, ...settings]);
    let out = '';
    program.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    const [code] = await once(program.child, 'close');
    const words = program.words();
    expect(code, words).toBe(0);
    expect(out).toBe(`${join(dataDir, 'mnist-quick-1', 'fakes_000060.png')}\n`);
    expect(words).toMatch(/NATS: nats-server on nats:\/\/127\.0\.0\.1:\d+/);
    expect(words).toMatch(/metrics: http:\/\/127\.0\.0\.1:\d+\/metrics/);
    expect(words).toMatch(/workers: 2, computing on (tensorflow|cuda) \(\d/);
    expect(words).toMatch(/phase 60\/60 {2}V -?\d+\.\d{3} /);
    expect(words).toMatch(/weights {4}SHA-256 [0-9a-f]{64}/);
    const { width, height } = PNG.sync.read(await readFile(out.trim()));
    expect([width, height]).toEqual([12 * 28 * 2 + 13, 8 * 28 * 2 + 9]);
    for (const { ok } of await verifyCheckpoints(join(dataDir, 'mnist-quick-1'))) expect(ok).toBe(true);
  });

  it('Ctrl-C stops it within seconds, its workers with it, and leaves a run that can go on', async () => {
    const dataDir = join(folder, 'stopped');
    const program = startProgram(['quickstart', '--data-dir', dataDir]);
    await vi.waitFor(() => expect(program.words()).toContain('phase 10/2400'), { timeout: 60_000, interval: 100 });
    program.child.kill('SIGINT');
    const [code] = await once(program.child, 'close');
    expect(code).toBe(130);
    expect(program.words()).toContain(`unfinished runs go on at the next \`ganglion coordinator\` on ${dataDir}`);
    for (const { ok } of await verifyCheckpoints(join(dataDir, 'mnist-quick-1'))) expect(ok).toBe(true);
  });
});
