/**
 * Proves that the pages on Kubernetes can be followed on a real one: the README's five commands as they stand, to the end of the
 * run that they launch, and what docs/on-kubernetes.md has for when something does not start.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { CheckoutShell } from '../docs/checkoutShell.ts';
import { blocksRunBy } from '../docs/shellBlocks.ts';
import { readClusterEnvironment } from './clusterEnvironment.ts';
import { clear, ready } from './kubectl.ts';
import { Overlay } from './overlay.ts';

const OVERLAY = 'overlays/local';

let overlay: Overlay;
let shell: CheckoutShell;

beforeAll(async () => {
  const { images } = readClusterEnvironment();
  await clear();
  overlay = new Overlay([OVERLAY], images[0]);
  shell = await CheckoutShell.open();
});
afterAll(async () => {
  shell?.remove();
  overlay?.remove();
  await clear();
});

it('five commands are a run that completes, and what asks after pods finds them', async () => {
  const [commands = '', again, doesNotStart = ''] = blocksRunBy('tests/cluster/pages.test.ts').map(({ text }) => text);
  expect(again).toBe(commands);
  // The image is in the cluster already, under a name of its own; and 7600 may be somebody's.
  const here = [
    [/^docker build .*$/m, ''],
    [`-k deploy/${OVERLAY}`, `-k ${overlay.folder}`],
    ['service/ganglion-coordinator 7600', `service/ganglion-coordinator ${shell.port}:7600`],
  ] as const;
  const script = here.reduce((text, [page, real]) => {
    expect(text).toMatch(page);
    return text.replace(page, real);
  }, commands);
  const { code, output } = await shell.run(`${script}\n${doesNotStart}`, packageRoot());
  expect(code, output).toBe(0);
  expect(output).toMatch(/^State +completed$/m);
  expect(output).toMatch(/^ganglion-worker-1 +1\/1 +Running/m);
  await ready('coordinator');
});
