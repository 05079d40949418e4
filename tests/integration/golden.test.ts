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
import { type SmallRun, smallRun } from './runs.ts';

interface Golden {
  readonly wasmWeightsSha256: string;
  /** A row a phase: discriminatorLoss, generatorLoss, value, dReal, dFake, and both gradient norms. */
  readonly curve: readonly (readonly number[])[];
  /** By wire format: the weights, and how far both losses are from the curve's, on average over the phases. */
  readonly compressed: Record<string, { readonly wasmWeightsSha256: string; readonly lossDistance: number }>;
  /** By objective: a shorter curve of its own. */
  readonly objectives: Record<string, Trained>;
  /** Batch norm over all shards. */
  readonly synchronised: Trained;
}

type Trained = Pick<Golden, 'wasmWeightsSha256' | 'curve'>;

const FORMATS = ['wireFormat: bf16', 'wireFormat: bf16, errorFeedback: false', 'wireFormat: powersgd, rank: 4'];

const OBJECTIVES = [
  '{ loss: log, generator: minimax, labelSmoothing: 0.1 }',
  '{ loss: least-squares, penalty: { r1: 1 } }',
  '{ loss: hinge, instanceNoise: { std: 0.1 } }',
  '{ loss: wasserstein, penalty: { gp: { weight: 0.1 } } }',
  '{ loss: log, penalty: { dragan: { weight: 1 }, interval: 2 } }',
  '{ loss: relativistic, penalty: { r1: 0.5, r2: 0.5 }, augment: { shape: [28, 28, 1] } }',
];

const SYNCHRONISED = { networks: 'synchronised', phases: 8 } as const;

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

  async function train(
    backend: 'wasm' | 'tensorflow',
    workers: number,
    own: Pick<SmallRun, 'compression' | 'objective' | 'phases' | 'networks'> = {},
  ): Promise<Trained> {
    const run = { name: `golden-${backend}`, backend, workers, shards: 3, phases: 30, ...own };
    const runId = await cluster.launch(smallRun(run));
    const { weightsSha256 } = await cluster.completed(runId);
    const curve: number[][] = [];
    for await (const event of cluster.client.watchRun(runId, 0)) {
      if (event.kind === 'phase') curve.push(KEYS.map((key) => Number(event.statistics[key]?.toPrecision(7))));
    }
    return { wasmWeightsSha256: weightsSha256, curve };
  }

  it('on WASM with two workers, in every wire format: the weights to the bit', async () => {
    const { wasmWeightsSha256, curve } = await train('wasm', 2);
    const compressed: Record<string, { wasmWeightsSha256: string; lossDistance: number }> = {};
    for (const format of FORMATS) {
      const found = await train('wasm', 2, { compression: format });
      const lossDistance = Number(distance(found.curve, curve).toPrecision(4));
      compressed[format] = { wasmWeightsSha256: found.wasmWeightsSha256, lossDistance };
    }
    const objectives: Record<string, Trained> = {};
    for (const objective of OBJECTIVES) objectives[objective] = await train('wasm', 2, { objective, phases: 8 });
    const synchronised = await train('wasm', 2, SYNCHRONISED);
    if (process.env.GANGLION_GOLDEN === 'write') {
      const rows = curve.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
      const formats = JSON.stringify(compressed, null, 2).replaceAll('\n', '\n  ');
      const head = `{\n  "wasmWeightsSha256": "${wasmWeightsSha256}",\n  "curve": [\n${rows}\n  ]`;
      const others = Object.entries(objectives).map(
        ([name, one]) => `    ${JSON.stringify(name)}: ${JSON.stringify(one)}`,
      );
      const tail = `"objectives": {\n${others.join(',\n')}\n  }`;
      const last = `"synchronised": ${JSON.stringify(synchronised)}`;
      writeFileSync(FILE, `${head},\n  "compressed": ${formats},\n  ${tail},\n  ${last}\n}\n`);
    }
    expect({ wasmWeightsSha256, curve, compressed, objectives, synchronised }).toEqual(golden());
  });

  it('on libtensorflow with one worker: the same curve to five digits', async () => {
    same((await train('tensorflow', 1)).curve, golden().curve);
  });

  it('on libtensorflow with one worker, synchronised batch norm: the same curve to five digits', async () => {
    same((await train('tensorflow', 1, SYNCHRONISED)).curve, golden().synchronised.curve);
  });

  it.each(OBJECTIVES)('on libtensorflow with one worker, %s: the same curve to five digits', async (objective) => {
    same((await train('tensorflow', 1, { objective, phases: 8 })).curve, golden().objectives[objective]?.curve ?? []);
  });
});

function same(curve: Golden['curve'], wanted: Golden['curve']): void {
  expect(curve.length).toBe(wanted.length);
  for (const [phase, row] of wanted.entries()) {
    for (const [index, value] of row.entries()) {
      const found = curve[phase]?.[index] ?? Number.NaN;
      expect(Math.abs(found - value), `${KEYS[index]} of phase ${phase}: ${found}, golden ${value}`).toBeLessThan(
        1e-4 * Math.max(1, Math.abs(value)),
      );
    }
  }
}

/** Mean distance of the losses of D and G, over the phases. */
function distance(found: Golden['curve'], wanted: Golden['curve']): number {
  const phases = found.map((row, phase) =>
    [0, 1].reduce((sum, key) => sum + Math.abs((row[key] ?? Number.NaN) - (wanted[phase]?.[key] ?? Number.NaN)), 0),
  );
  return phases.reduce((sum, one) => sum + one / 2, 0) / phases.length;
}
