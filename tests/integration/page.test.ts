/**
 * Proves the live page in a real browser beside real runs: it loads, follows a run as it trains, survives a coordinator that is
 * killed, can be used by keyboard and by a screen reader, and never writes an error to the console.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults, run } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPreset } from '../../services/config/presets.ts';
import { resolveRunConfig, toYaml } from '../../services/config/resolve.ts';
import { applySettings } from '../../services/config/settings.ts';
import { startChromium } from '../setup/chromium.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

const PATIENCE = { timeout: 30_000, interval: 100 };
/** Figure 1 is computed at the lowest priority: on a busy machine by what the others leave over. */
const LEFTOVER_PATIENCE = { ...PATIENCE, timeout: 120_000 };

let cluster: Cluster;
beforeEach(async () => {
  cluster = await Cluster.start();
});
afterEach(() => cluster.stop());

/** A connection that was not made, or ended: before the request, before its answer, or in it. */
const AWAY =
  /ERR_(CONNECTION_REFUSED|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING)/;

/** A page of the run, and what it wrote to the console. A coordinator that is away is no error of the page. */
async function opened(
  runId: string,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<{ page: Page; errors: string[] }> {
  const browser = await startChromium();
  const page = await browser.newPage({ colorScheme, viewport: { width: 1400, height: 1000 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error.stack)));
  page.on('console', (message) => {
    const isAway = AWAY.test(message.text());
    if (message.type() === 'error' && !isAway) errors.push(`${message.text()} ${message.location().url}`);
  });
  await page.goto(`http://${cluster.pageAddress}/#/runs/${runId}`);
  await expect.poll(() => page.textContent('h1').catch(() => ''), PATIENCE).toBe(runId);
  return { page, errors };
}

const preset = (name: string, ...settings: string[]) =>
  toYaml(resolveRunConfig(applySettings(loadPreset(name), settings), `preset ${name}`));

async function phaseShown(page: Page): Promise<number> {
  const words = (await page.textContent('.progress span')) ?? '';
  return Number(/phase ([\d,]+) of/.exec(words)?.[1]?.replaceAll(',', ''));
}

/** What axe-core finds wrong. Evaluated through the debugger: the page's own policy would not let a script in. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const found = await page.evaluate(() => (globalThis as unknown as { axe: { run: typeof run } }).axe.run());
  return (found as AxeResults).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe('the live page', () => {
  it('follows a run as it trains, by keyboard too, and whoever looks', async () => {
    await cluster.addWorkers(['one', 'two']);
    const settings = [
      'phases=100000',
      'snapshots.everyPhases=20',
      'reports.everyPhases=1',
      'checkpoints.everyPhases=50',
    ];
    const runId = await cluster.launch(preset('mnist-quick', ...settings));
    await cluster.until(runId, ({ phase }) => phase > 60);
    const { page, errors } = await opened(runId);
    const before = await phaseShown(page);
    await expect.poll(() => phaseShown(page), PATIENCE).toBeGreaterThan(before + 20);
    expect(await page.textContent('#link')).toBe('live');
    expect(await page.title()).toMatch(/^\d+ % mnist-quick-1 – Ganglion$/);
    for (const name of ['Losses', 'Value of the game', 'What D says', 'Gradient norms']) {
      expect(await page.getByRole('region', { name }).locator('canvas').isVisible(), name).toBe(true);
    }
    await expect
      .poll(() => page.locator('.lanes tbody tr').allTextContents(), PATIENCE)
      .toEqual([expect.stringMatching(/^one.*1 shard\d/), expect.stringMatching(/^two.*1 shard\d/)]);
    await expect
      .poll(() => page.locator('img.grid').evaluate((image: { naturalWidth: number }) => image.naturalWidth), PATIENCE)
      .toBeGreaterThan(300);
    await expect.poll(() => page.getByRole('link', { name: /^weights of phase/ }).count(), PATIENCE).toBeGreaterThan(1);

    // The slider: a step back shows the picture before, and its place stays when others come.
    await expect.poll(() => page.getByRole('slider').getAttribute('max').then(Number), PATIENCE).toBeGreaterThan(2);
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    await expect.poll(() => page.locator('img.grid').getAttribute('src'), PATIENCE).toContain('fakes_init.png');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('img.grid').getAttribute('src'), PATIENCE).toContain('fakes_000020.png');
    expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toBe('phase 20');
    const known = Number(await page.getByRole('slider').getAttribute('max'));
    await expect.poll(() => page.getByRole('slider').getAttribute('max').then(Number), PATIENCE).toBeGreaterThan(known);
    expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toBe('phase 20');

    // A chart: the cursor walks by keyboard, and the table says the same.
    await page.getByRole('group', { name: 'Losses' }).first().focus();
    const losses = page.getByRole('region', { name: 'Losses' });
    await page.keyboard.press('Home');
    await expect.poll(() => losses.locator('.legend').textContent(), PATIENCE).toMatch(/^phase 0D [\d.]+/);
    await losses.getByText('As a table').click();
    await expect.poll(() => losses.locator('tbody tr').count(), PATIENCE).toBeGreaterThan(10);

    // From the first key on: past the navigation, to the run.
    await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('run');
    // And still the same one.
    expect(await page.evaluate('location.hash')).toBe(`#/runs/${runId}`);
    expect(await page.textContent('h1')).toBe(runId);

    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 700 });
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(errors).toEqual([]);
  });

  it('comes back by itself when the coordinator does, with everything that happened', async () => {
    await cluster.addWorkers(['one']);
    const runId = await cluster.launch(
      smallRun({ name: 'comes-back', workers: 1, phases: 100_000, hidden: 256, everyPhases: 500 }),
    );
    await cluster.until(runId, ({ phase }) => phase > 20);
    const { page, errors } = await opened(runId);
    await cluster.killCoordinator();
    await expect.poll(() => page.textContent('#link'), PATIENCE).toMatch(/does not answer/);
    const before = await phaseShown(page);
    await cluster.startCoordinator();
    await expect.poll(() => page.textContent('#link'), PATIENCE).toBe('live');
    await expect.poll(() => phaseShown(page), PATIENCE).toBeGreaterThan(before + 5);
    const told = (page: Page) => page.locator('.happenings li').allTextContents();
    expect((await told(page)).join()).toContain('generation 2');
    const fresh = await opened(runId);
    await expect.poll(async () => (await told(page)).join() === (await told(fresh.page)).join(), PATIENCE).toBe(true);
    expect([...errors, ...fresh.errors]).toEqual([]);
  });

  it('shows figure 1 of a run on the line, and the modes of one in the plane', { timeout: 240_000 }, async () => {
    await cluster.addWorkers(['one']);
    const line = await cluster.launch(
      preset('figure1', 'workers=1', 'phases=60', 'checkpoints.everyPhases=20', 'snapshots.everyPhases=20'),
    );
    await cluster.completed(line);
    const plane = await cluster.launch(preset('ring8', 'workers=1', 'phases=40', 'snapshots.everyPhases=20'));
    await cluster.completed(plane);
    const { page, errors } = await opened(line, 'dark');
    await expect.poll(() => page.locator('.look .words').textContent(), LEFTOVER_PATIENCE).toMatch(/^p_data dotted/);
    expect(await page.getByRole('slider').getAttribute('max')).toBe('3');
    expect(await inked(page)).toBeGreaterThan(0.005);
    await page.goto(`http://${cluster.pageAddress}/#/runs/${plane}`);
    await expect
      .poll(() => page.locator('.look .words').textContent(), PATIENCE)
      .toMatch(/^\d of 8 modes have one of these/);
    expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toBe('phase 40');
    expect(await inked(page)).toBeGreaterThan(0.005);
    await page.goto(`http://${cluster.pageAddress}/#/runs/no-1`);
    await expect.poll(() => page.textContent('.nothing'), PATIENCE).toMatch(/^There is no run 'no-1'/);
    expect(errors).toEqual([]);
  });
});

/** The part of a picture's pixels that are drawn. */
function inked(page: Page): Promise<number> {
  return page.locator('.stage canvas').evaluate((canvas) => {
    const { width, height, getContext } = canvas as unknown as { width: number; height: number; getContext: unknown };
    const pen = (getContext as (kind: '2d') => { getImageData(...box: number[]): { data: Uint8ClampedArray } }).call(
      canvas,
      '2d',
    );
    const { data } = pen.getImageData(0, 0, width, height);
    return data.filter((value, i) => i % 4 === 3 && value > 0).length / (width * height);
  });
}
