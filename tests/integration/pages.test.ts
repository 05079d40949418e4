/**
 * Proves that the pages can be followed: every script of theirs is run as it stands, page by page, in a folder of its own. Of
 * the README those that need no second machine; the names and addresses of others are this one's.
 */
import { describe, expect, it } from 'vitest';
import { CheckoutShell } from '../docs/checkoutShell.ts';
import { blocksRunBy } from '../docs/shellBlocks.ts';

const BLOCKS = blocksRunBy('tests/integration/pages.test.ts');

describe('pages', () => {
  it.each([...new Set(BLOCKS.map(({ page }) => page))])('%s can be followed', async (page) => {
    const shell = await CheckoutShell.open();
    try {
      const script = BLOCKS.filter((block) => block.page === page).map(({ text }) => onThisMachine(text, shell.port));
      const { code, output } = await shell.run(script.join('\n'));
      expect(code, output).toBe(0);
    } finally {
      shell.remove();
    }
  });
});

/** Hosts that the pages have for example. */
function onThisMachine(script: string, port: number): string {
  return script
    .replaceAll('trainer.example.org:7600', `localhost:${port}`)
    .replaceAll('trainer.example.org', 'localhost')
    .replaceAll(/\b(10\.0\.0\.\d+|0\.0\.0\.0)\b/g, '127.0.0.1');
}
