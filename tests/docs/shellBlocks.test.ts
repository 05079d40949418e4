/** Proves that every shell block of the pages is run by a test, or stands in a short list with the reason why not. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { fits, NOT_RUN, RUNNERS, shellBlocks } from './shellBlocks.ts';

const BLOCKS = shellBlocks();

it('there are blocks of every kind, and a page in a new place is seen', () => {
  expect(new Set(BLOCKS.map(({ language }) => language))).toEqual(new Set(['sh', 'console']));
  expect(BLOCKS.length).toBeGreaterThan(40);
  expect(BLOCKS.map(({ page }) => page)).toEqual(expect.arrayContaining(['CONTRIBUTING.md', 'docs/errors/disk.md']));
});

it.each(BLOCKS.map((block) => [`${block.page}: ${block.text.trim().split('\n')[0]}`, block] as const))(
  '%s',
  (_, block) => {
    const isRun = RUNNERS.some((runner) => fits(runner, block));
    const isExcused = NOT_RUN.some((reason) => fits(reason, block));
    expect(isRun || isExcused, 'Give it to a test, or a reason, in tests/docs/shellBlocks.ts.').toBe(true);
    expect(isRun && isExcused).toBe(false);
  },
);

describe('no rule is idle', () => {
  it.each(RUNNERS)('$test has blocks, and asks for its own', (runner) => {
    const first = BLOCKS.filter((block) => RUNNERS.find((other) => fits(other, block)) === runner);
    expect(first).not.toEqual([]);
    expect(readFileSync(join(packageRoot(), runner.test), 'utf8')).toContain(`blocksRunBy('${runner.test}')`);
  });

  it.each(NOT_RUN)('$why', (reason) => {
    expect(BLOCKS.filter((block) => fits(reason, block))).not.toEqual([]);
  });
});
