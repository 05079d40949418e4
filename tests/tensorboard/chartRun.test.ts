/**
 * Proves that the real TensorBoard reads what is written: tags, values, pictures, histograms; that a file goes on where a
 * coordinator ended, with no step twice and none left out, whatever its last record was; and that a disk which refuses ends
 * nothing.
 */
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeError } from '../../services/errors/ganglionError.ts';
import { encodeGrid } from '../../services/picture/grid.ts';
import type { RunEvent } from '../../services/report/runEvent.ts';
import { RunEventLog } from '../../services/telemetry/eventLog.ts';
import { RunFollowers } from '../../services/telemetry/runFollowers.ts';
import { chartRun } from '../../services/tensorboard/chartRun.ts';
import { mnistRun } from '../sampling/runs.ts';
import { phaseEvent, snapshotEvent, stateEvent } from '../telemetry/events.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { accumulate } from './eventAccumulator.ts';

const PICTURE = encodeGrid(new Uint8Array(4 * 9).fill(200), { width: 3, height: 3, channels: 1, rows: 2, columns: 2 });

/** What a coordinator does with events, from its start to its end. */
async function tell(folder: string, events: readonly RunEvent[], offered = events): Promise<string[]> {
  const warnings: string[] = [];
  const boards = new RunFollowers(chartRun, (runId, error) => void warnings.push(`${runId}: ${describeError(error)}`));
  const history = await RunEventLog.open(folder);
  boards.addRun({ runId: 'run-1', config: mnistRun(), history });
  for (const event of events) {
    await history.append(event);
    if (offered.includes(event)) boards.offer(event);
  }
  await boards.close();
  await history.close();
  return warnings;
}

async function eventFile(folder: string): Promise<string> {
  const [name = '', ...others] = await readdir(join(folder, 'tensorboard'));
  expect([name, others]).toEqual([expect.stringMatching(/^events\.out\.tfevents\.\d{10}\.run-1$/), []]);
  return join(folder, 'tensorboard', name);
}

it('is read by TensorBoard, and goes on over restarts', async () => {
  const folder = temporaryFolder();
  await writeFile(join(folder, 'fakes_2.png'), PICTURE);
  expect(await tell(folder, [stateEvent(0), phaseEvent(1, 10), snapshotEvent(2), phaseEvent(3, 20)])).toEqual([]);

  const first = await accumulate(join(folder, 'tensorboard'));
  expect(first.scalars['loss/discriminator']).toEqual([
    [10, Math.fround(0.7), 1_700_000_000.001],
    [20, Math.fround(0.7), 1_700_000_000.003],
  ]);
  expect(first.scalars['throughput/samples_per_second']?.map(([, value]) => value)).toEqual([1_000, 1_000]);
  expect(first.images.samples).toEqual([[2, 15, 15, PICTURE.toString('base64')]]);
  expect(first.histograms['discriminator_output/real']).toEqual([[2, 1, 0.6, 1]]);

  // The machine died while the last record was written, and before a report was offered.
  const file = await eventFile(folder);
  const { length } = await readFile(file);
  await truncate(file, length - 5);
  const later = [phaseEvent(4, 30), phaseEvent(5, 40)];
  expect(await tell(folder, later, later.slice(1))).toEqual([]);

  const second = await accumulate(join(folder, 'tensorboard'));
  for (const values of Object.values(second.scalars)) expect(values.map(([step]) => step)).toEqual([10, 20, 30, 40]);
  expect(second.images).toEqual(first.images);
  await eventFile(folder);
}, 60_000);

it('a disk that refuses is told of once, and ends nothing', async () => {
  const folder = temporaryFolder();
  await writeFile(join(folder, 'tensorboard'), 'a file where the folder should be');
  const warnings = await tell(folder, [phaseEvent(0, 1), phaseEvent(1, 2)]);
  expect(warnings).toEqual([expect.stringMatching(/^run-1: .*EEXIST/)]);
});
