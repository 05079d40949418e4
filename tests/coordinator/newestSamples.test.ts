/** Proves that the newest picture of samples is found, read once, and bounded. */
import { describe, expect, it } from 'vitest';
import { newestSamples } from '../../services/coordinator/newestSamples.ts';

/** Files by run, and what was read of them. */
function folders(runs: Record<string, Record<string, number>>) {
  const reads: string[] = [];
  const samples = newestSamples({
    listArtifacts: async (runId) => Object.entries(runs[runId] ?? {}).map(([name, sizeBytes]) => ({ name, sizeBytes })),
    async *fetchArtifact(runId, name) {
      reads.push(`${runId}/${name}`);
      yield Buffer.from(name);
    },
  });
  return { runs, reads, samples: async (runId: string) => String(await samples(runId)) };
}

const SIZE = 1_000;

describe('newestSamples', () => {
  it('is the picture of the highest phase, and reals are none', async () => {
    const files = { 'fakes_init.png': SIZE, 'fakes_1000000.png': SIZE, 'fakes_999999.png': SIZE, 'reals.png': SIZE };
    expect(await folders({ a: files }).samples('a')).toBe('fakes_1000000.png');
    expect(await folders({ a: { 'fakes_init.png': SIZE } }).samples('a')).toBe('fakes_init.png');
  });

  it('reads each picture once, and a newer one when it is there', async () => {
    const { runs, reads, samples } = folders({ a: { 'fakes_000010.png': SIZE } });
    await Promise.all([samples('a'), samples('a')]);
    await samples('a');
    runs.a = { ...runs.a, 'fakes_000020.png': SIZE };
    expect(await samples('a')).toBe('fakes_000020.png');
    expect(reads).toEqual(['a/fakes_000010.png', 'a/fakes_000020.png']);
  });

  it('keeps those of eight runs', async () => {
    const runs = Array.from({ length: 9 }, (_, i) => `run-${i}`);
    const { reads, samples } = folders(Object.fromEntries(runs.map((run) => [run, { 'fakes_init.png': SIZE }])));
    for (const run of [...runs, 'run-8', 'run-0']) await samples(run);
    expect(reads.filter((name) => name.startsWith('run-8'))).toHaveLength(1);
    expect(reads.filter((name) => name.startsWith('run-0'))).toHaveLength(2);
  });

  it('takes no file that is larger than a grid can be, and says so where nothing is there', async () => {
    const { samples } = folders({ a: { 'fakes_init.png': 9 * 1024 * 1024 } });
    await expect(samples('a')).rejects.toMatchObject({ code: 'not-found', message: "Run 'a' has no samples yet." });
  });
});
