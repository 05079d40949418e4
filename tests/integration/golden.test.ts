/**
 * Proves that a change of the code did not change the mathematics: the loss curve of a small seeded run is the one that was
 * written down. On WASM, which rounds alike on every CPU, to the last bit of the weights; on libtensorflow, whose kernels
 * depend on the CPU's vector unit, to five digits. After a change that is meant to: `GANGLION_GOLDEN=write npm test`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Statistics } from '../../services/report/statistics.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

interface Golden {
  readonly wasmWeightsSha256: string;
  /** A row a phase: discriminatorLoss, generatorLoss, value, dReal, dFake, and both gradient norms. */
  readonly curve: readonly (readonly number[])[];
}

const FILE = join(import.meta.dirname, 'golden.json');
const golden = () => JSON.parse(readFileSync(FILE, 'utf8')) as Golden;
const KEYS = [
  'discriminatorLoss',
  'generatorLoss',
  'value',
  'dReal',
  'dFake',
  'discriminatorGradientNorm',
  'generatorGradientNorm',
] as const satisfies (keyof Statistics)[];

describe('the golden loss curve', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await Cluster.start();
    await cluster.addWorkers(['wasm-one', 'wasm-two'], 'wasm');
    await cluster.addWorkers(['native'], 'tensorflow');
  });
  afterAll(() => cluster.stop());

  async function train(backend: 'wasm' | 'tensorflow', workers: number): Promise<Golden> {
    const runId = await cluster.launch(
      smallRun({ name: `golden-${backend}`, backend, workers, shards: 3, phases: 30 }),
    );
    const { weightsSha256 } = await cluster.completed(runId);
    const curve: number[][] = [];
    for await (const event of cluster.client.watchRun(runId, 0)) {
      if (event.kind === 'phase') curve.push(KEYS.map((key) => Number(event.statistics[key]?.toPrecision(7))));
    }
    return { wasmWeightsSha256: weightsSha256, curve };
  }

  it('on WASM with two workers: the weights to the bit', async () => {
    const found = await train('wasm', 2);
    if (process.env.GANGLION_GOLDEN === 'write') {
      const rows = found.curve.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
      writeFileSync(FILE, `{\n  "wasmWeightsSha256": "${found.wasmWeightsSha256}",\n  "curve": [\n${rows}\n  ]\n}\n`);
    }
    expect(found).toEqual(golden());
  });

  it('on libtensorflow with one worker: the same curve to five digits', async () => {
    const { curve } = await train('tensorflow', 1);
    for (const [phase, row] of golden().curve.entries()) {
      for (const [index, value] of row.entries()) {
        const found = curve[phase]?.[index] ?? Number.NaN;
        expect(Math.abs(found - value), `${KEYS[index]} of phase ${phase}: ${found}, golden ${value}`).toBeLessThan(
          1e-4 * Math.max(1, Math.abs(value)),
        );
      }
    }
  });
});
