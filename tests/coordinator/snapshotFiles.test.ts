/**
 * Proves what a run keeps of its samples: images as a grid and no more; points as a picture and as they are, with the labels
 * behind them left out.
 */
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { realSamples, snapshotFiles } from '../../services/coordinator/snapshotFiles.ts';
import { openTrainingSet } from '../../services/data/dataset.ts';
import { encodeGrid } from '../../services/picture/grid.ts';
import { mnistRun } from '../sampling/runs.ts';

const GRID = { rows: 2, columns: 3 };

const images = mnistRun({ snapshots: GRID });
const ring = mnistRun({
  data: { dataset: 'ring', labels: true, normalize: 'none' },
  generator: {
    layers: [
      { type: 'class-embedding', classes: 8, size: 2 },
      { type: 'dense', units: 2 },
    ],
  },
  discriminator: { layers: [{ type: 'class-projection', classes: 8 }] },
  snapshots: GRID,
});

describe('images', () => {
  const dataset = openTrainingSet(images);

  it('are a grid and nothing else', async () => {
    const pixels = realSamples(dataset, 0, 6);
    expect(pixels.length).toBe(6 * 784);
    const files = await snapshotFiles({ config: images, dataset }, 'reals', 'data', pixels);
    const grid = encodeGrid(pixels, { width: 28, height: 28, channels: 1, ...GRID });
    expect([...files]).toEqual([['reals.png', grid]]);
  });
});

describe('points', () => {
  const dataset = openTrainingSet(ring);

  it('of the data are on the ring, without the labels that travel behind them', () => {
    const values = new Float32Array(realSamples(dataset, 0, 50).buffer);
    expect(values.length).toBe(100);
    for (let i = 0; i < 50; i += 1) expect(Math.hypot(values[2 * i] ?? 0, values[2 * i + 1] ?? 0)).toBeCloseTo(1, 0);
  });

  it('are a picture, and the same floats as .npy', async () => {
    const values = Float32Array.from({ length: 12 }, (_, i) => Math.fround(i / 7));
    const bytes = new Uint8Array(values.buffer);
    const files = await snapshotFiles({ config: ring, dataset }, 'fakes_000010', 'ring-1, phase 10', bytes);
    expect([...files.keys()]).toEqual(['fakes_000010.png', 'fakes_000010.npy']);
    expect(PNG.sync.read(files.get('fakes_000010.png') ?? Buffer.alloc(0)).width).toBeGreaterThan(500);
    const npy = files.get('fakes_000010.npy') ?? Buffer.alloc(0);
    expect(npy.toString('latin1')).toContain("'shape': (6, 2)");
    expect(new Uint8Array(npy.subarray(-48))).toEqual(bytes);
  });
});
