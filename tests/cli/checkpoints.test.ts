/** Proves that `checkpoints` reads a run folder without a coordinator, and tells a whole checkpoint from a broken one. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointStore } from '../../services/checkpoint/store.ts';
import { ganglion } from './fakeConsole.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-cli-'));
  const tensors = [{ name: 'generator.0.weights', shape: [2, 3] }];
  const options = { runId: 'r-1', tensors, weightValues: 6, keep: 5, configSha256: 'c'.repeat(64) };
  const store = await CheckpointStore.open(folder, options);
  for (const phase of [10, 20]) await store.save(phase, 100, new Uint8Array(new Float32Array(6).fill(phase).buffer));
});
afterEach(() => rm(folder, { recursive: true }));

async function breakCheckpoint(phase: string): Promise<void> {
  const file = join(folder, 'checkpoints', phase, 'state.safetensors');
  const bytes = await readFile(file);
  const last = bytes.length - 1;
  bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last);
  await writeFile(file, bytes);
}

describe('checkpoints list', () => {
  it('is one row a checkpoint, oldest first', async () => {
    const { code, out, err } = await ganglion(['checkpoints', 'list', folder]);
    expect([code, err]).toEqual([0, '']);
    const [head, ...rows] = out.trimEnd().split('\n');
    expect(head?.split(/ {2,}/)).toEqual(['NAME', 'PHASE', 'STATE', 'SIZE', 'WEIGHTS', 'AGE']);
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual([
      ['phase-000000010', '10', 'whole'],
      ['phase-000000020', '20', 'whole'],
    ]);
  });

  it('of a folder without any is empty, which is no error', async () => {
    await rm(join(folder, 'checkpoints'), { recursive: true });
    await mkdir(join(folder, 'checkpoints'));
    expect(await ganglion(['checkpoints', 'list', folder])).toEqual({
      code: 0,
      out: '',
      err: `${folder} has no checkpoints yet.\n`,
    });
    expect((await ganglion(['checkpoints', 'list', folder, '-o', 'json'])).out).toBe('[]\n');
  });
});

describe('checkpoints verify', () => {
  it('finds one flipped bit, names the file, and ends with 1', async () => {
    await breakCheckpoint('phase-000000020');
    const { code, out, err } = await ganglion(['checkpoints', 'verify', folder]);
    expect(code).toBe(1);
    expect(out).toMatch(/^phase-000000010 .* whole /m);
    expect(out).toMatch(/^phase-000000020 .* broken /m);
    expect(err).toMatch(/^ganglion: .*phase-000000020.*SHA-256/);
  });

  it('looks only at the phase that it is asked for', async () => {
    await breakCheckpoint('phase-000000020');
    expect(await ganglion(['checkpoints', 'verify', folder, '--phase', '10', '-o', 'name'])).toEqual({
      code: 0,
      out: 'phase-000000010\n',
      err: '',
    });
  });

  it('of a phase or a folder that is not there says what is', async () => {
    const { code, err } = await ganglion(['checkpoints', 'verify', folder, '--phase', '11']);
    expect(code).toBe(1);
    expect(err).toContain('has no checkpoint of phase 11; it has 10, 20.');
    expect((await ganglion(['checkpoints', 'verify', join(folder, 'nowhere')])).err).toContain('has no checkpoints.');
  });
});
