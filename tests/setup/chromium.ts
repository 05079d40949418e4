/** The real browser that the machine has. */
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';

/** Until the test ends. */
export async function startChromium(): Promise<Browser> {
  const programs = `file://${join(packageRoot(), 'services', 'cli', 'bootstrap', 'programs.mjs')}`;
  const { findProgram } = (await import(programs)) as { findProgram(name: string): string | undefined };
  const executablePath = findProgram('chromium');
  if (executablePath === undefined) throw new Error('There is no Chromium: run `apt-get install -y chromium`.');
  // Its sandbox needs rights that root in a container lacks.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  onTestFinished(() => browser.close());
  return browser;
}
