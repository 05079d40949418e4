/** Proves that the generated pages of docs/ say what schema, commands, error codes and contracts say, and leave nothing out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { PAGES } from '../../services/docs/pages.ts';

const committed = (file: string) => readFileSync(join(packageRoot(), 'docs', file), 'utf8');

describe('generated pages', () => {
  it.each(Object.entries(PAGES))('%s is current (`npm run generate` writes it)', (file, page) => {
    expect(page()).toBe(committed(file));
  });

  it('have every kind of layer, data set, optimizer and loss', () => {
    const page = committed('config.md');
    const kinds = ['type: maxout-conv', 'type: minibatch-std', 'dataset: stacked-mnist', 'type: rmsprop'];
    for (const kind of kinds) expect(page).toContain(`, ${kind}\n`);
    expect(page).toMatch(/\| `loss` \| .*`relativistic`/);
  });

  it('have every call, and no line of a contract without a comment', () => {
    const page = committed('protocol.md');
    for (const name of ['CreateRun', 'WatchRun', 'Control', 'StreamMinibatches', 'Reduce']) {
      expect(page).toContain(`| \`${name}\` |`);
    }
    expect(page).not.toMatch(/\| \d+ \| {2}\|$/m);
  });
});
