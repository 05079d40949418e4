/** Proves that drawn images are read as CIFAR-10 is, have every class, and are the same bytes each time. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataSchema } from '../../services/config/dataSchema.ts';
import { cifarSource } from '../../services/data/cifar.ts';
import { writeDrawnImages } from '../../services/reproduce/drawnImages.ts';

describe('drawn images', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ganglion-drawn-'));
  beforeAll(() => writeDrawnImages(folder, 0));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are a data set in CIFAR-10’s form, a tenth of each class', () => {
    const data = dataSchema.parse({ dataset: 'cifar10', path: folder, labels: true });
    if (data.dataset !== 'cifar10') throw new Error(data.dataset);
    const source = cifarSource(data, 'train');
    expect([source.size, source.shape]).toEqual([50_000, [32, 32, 3]]);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i += 1) counts[source.label?.(i) ?? -1] = (counts[source.label?.(i) ?? -1] ?? 0) + 1;
    // Binomial: 1,000 ± 30.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('differ from one another, and are the same for a seed', async () => {
    const file = join(folder, 'test_batch.bin');
    const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex');
    const first = hash();
    const bytes = readFileSync(file);
    expect(bytes.subarray(1, 3073)).not.toEqual(bytes.subarray(3074, 6146));
    await writeDrawnImages(folder, 0);
    expect(hash()).toBe(first);
  });
});
