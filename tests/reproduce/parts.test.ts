/** Proves that what an experiment left is told in a line, and taken by nobody else: other code, other settings, another device. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { foundText, requireSameDevice } from '../../services/reproduce/parts.ts';
import { runView } from '../cli/views.ts';

const folder = join(process.cwd(), 'runs', 'reproduce', 'ring8', 'abc');
const done = runView({ state: 'completed' });
const begun = runView({ runId: 'ring8-seed-1', state: 'waiting', checkpointPhases: [0, 40, 80] });

it.each([
  [[], [], undefined],
  [[done, done], [], 'ring8: 2 of 10 runs done; remove runs/reproduce/ring8/abc to start over.'],
  [
    [done, begun],
    [],
    'ring8: 1 of 10 runs done, ring8-seed-1 goes on from phase 80; remove runs/reproduce/ring8/abc to start over.',
  ],
  [[], [`${folder}+1`], 'ring8: parts of other code or settings are left out: runs/reproduce/ring8/abc+1.'],
] as const)('%#', (runs, others, text) => {
  expect(foundText('ring8', 10, runs, { folder, others })).toBe(text);
});

it('is of the device class that began it', async () => {
  const parts = await mkdtemp(join(tmpdir(), 'ganglion-parts-'));
  try {
    await requireSameDevice(parts, 'tensorflow/2.21.0/x64-avx512');
    await requireSameDevice(parts, 'tensorflow/2.21.0/x64-avx512');
    await expect(requireSameDevice(parts, 'wasm/4.22.0/x64')).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('was computed on tensorflow/2.21.0/x64-avx512, and this is wasm/4.22.0/x64'),
    });
  } finally {
    await rm(parts, { recursive: true });
  }
});
