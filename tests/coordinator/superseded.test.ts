/** Proves that a coordinator whose folder another has taken over tells its program, and that the program decides what ends. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { connect } from '../../services/wire/client.ts';
import { SMALL_YAML } from '../config/configs.ts';
import { localCoordinator } from './localCoordinator.ts';

it('is told once, and nothing more is accepted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-superseded-'));
  let told = 0;
  const coordinator = await localCoordinator(folder, { superseded: () => (told += 1) });
  const client = connect(coordinator.address, { timeoutMs: 5_000 });
  await writeFile(join(folder, '.journal', 'lock'), '1 1 another-machine');
  await vi.waitFor(() => expect(told).toBe(1), { timeout: 5_000 });
  await client.createRun(SMALL_YAML, false).catch(() => undefined);
  expect(await client.listRuns()).toMatchObject([{ state: 'failed' }]);
  expect(told).toBe(1);
  client.close();
  await coordinator.close();
  await rm(folder, { recursive: true });
});
