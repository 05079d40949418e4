/** Proves that a run that is over holds no samples, and gets them again when somebody asks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadPreset } from '../../services/config/presets.ts';
import { resolveRunConfig } from '../../services/config/resolve.ts';
import { RunFiles } from '../../services/coordinator/runFiles.ts';

it('a run that rests lets go of its data set, and knows its length and shape without it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ganglion-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = await RunFiles.open('r-1', folder, resolveRunConfig(loadPreset('mnist-quick'), 'preset'));
  const before = files.dataset;
  expect(files.dataset).toBe(before);
  files.rest();
  expect([files.totalPhases, files.sampleShape]).toEqual([2400, [28, 28, 1]]);
  const again = files.dataset;
  expect(again).not.toBe(before);
  expect(again.size).toBe(before.size);
  await files.history.close();
});
