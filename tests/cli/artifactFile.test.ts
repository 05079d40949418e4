/** Proves that a fetched file is whole or not there, and that no coordinator can write outside the folder it is given. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveArtifact, saveArtifactUnder } from '../../services/cli/artifactFile.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function* chunks(...texts: string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) {
    if (text === 'FAIL') throw new Error('the stream broke');
    yield Buffer.from(text);
  }
}

describe('saveArtifact', () => {
  it('writes every chunk', async () => {
    await saveArtifact(chunks('a', '', 'bc'), join(folder, 'x'));
    expect(await readFile(join(folder, 'x'), 'utf8')).toBe('abc');
    expect(await readdir(folder)).toEqual(['x']);
  });

  it('leaves nothing behind when the stream breaks', async () => {
    await expect(saveArtifact(chunks('a', 'FAIL'), join(folder, 'x'))).rejects.toThrow('the stream broke');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('saveArtifactUnder', () => {
  it('makes the folders of a path', async () => {
    await saveArtifactUnder(folder, 'checkpoints/phase-1/m.json', chunks('{}'));
    expect(await readFile(join(folder, 'checkpoints/phase-1/m.json'), 'utf8')).toBe('{}');
  });

  it.each(['../x', 'checkpoints/../../x', '/etc/x', '..'])('refuses %s', async (name) => {
    const inner = join(folder, 'inner');
    await expect(saveArtifactUnder(inner, name, chunks('x'))).rejects.toMatchObject({ code: 'refused' });
    expect(await readdir(folder)).toEqual([]);
  });
});
