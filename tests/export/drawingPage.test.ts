/**
 * Proves that the page beside an exported LayersModel draws in a real browser, without a network: 64 pictures that are those of
 * this G, others when it is asked again, and no word of complaint in the console. In Debian's Chromium.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { exportFiles } from '../../services/export/exportFiles.ts';
import { writeRun } from '../sampling/runs.ts';
import { startChromium } from '../setup/chromium.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { served } from './fileServer.ts';
import { GENERATORS } from './generators.ts';

it('draws digits, and draws again', async () => {
  const run = join(temporaryFolder(), 'run');
  await writeRun(run, GENERATORS.conditional as (typeof GENERATORS)[string], { phases: [10] });
  const folder = join(run, 'web');
  await mkdir(folder);
  for (const [name, bytes] of await exportFiles(run, { format: 'tfjs', live: false, phase: undefined })) {
    await writeFile(join(folder, name), bytes);
  }
  const page = await (await startChromium()).newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  await page.goto(`${await served(folder)}/index.html`);

  const first = await drawn(page);
  expect(first.sizes).toEqual(Array(64).fill('28 × 28'));
  // Ten classes in turn, and latents of their own: no two pictures are one.
  expect(new Set(first.pictures).size).toBeGreaterThan(32);
  await page.getByRole('button', { name: 'Draw' }).click();
  await page.waitForFunction(`document.querySelector('canvas').toDataURL() !== '${first.pictures[0]}'`);
  expect((await drawn(page)).sizes).toHaveLength(64);
  expect(complaints).toEqual([]);
}, 60_000);

async function drawn(page: Page) {
  await page.getByText(/64 samples in \d+ ms/).waitFor();
  const ofEach = (expression: string) =>
    page.evaluate<string[]>(`[...document.querySelectorAll('canvas')].map((canvas) => ${expression})`);
  return { sizes: await ofEach("canvas.width + ' × ' + canvas.height"), pictures: await ofEach('canvas.toDataURL()') };
}
