/**
 * Proves, against a real HTTP server, that a download brings exactly the pinned bytes or nothing: that it goes on where it
 * was cut, within one run and in a later one, tries the next mirror, refuses what is not the official file, and unpacks the
 * files that it knows and no others.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATASET_NAMES, type RemoteFile, remoteFiles } from '../../../services/data/download/catalog.ts';
import { download } from '../../../services/data/download/download.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { cutAfter, type FileServer, serveFiles } from './fileServer.ts';

const root = temporaryFolder();
let folders = 0;
let folder = '';
let server: FileServer;

/** Half a megabyte that does not repeat. */
const CONTENT = Buffer.concat(
  Array.from({ length: 16_384 }, (_, i) => createHash('sha256').update(String(i)).digest()),
);

function remote(name: string, content: Buffer, more: Partial<RemoteFile> = {}): RemoteFile {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { name, bytes: content.length, sha256, urls: [`${server.url}${name}`], ...more };
}

/** Without long waits between tries; returns the bytes that were reported. A busy machine may say nothing for a while. */
async function fetched(file: RemoteFile, idleMs = 20_000): Promise<number[]> {
  const seen: number[] = [];
  await download([file], folder, { onProgress: (_, done) => seen.push(done), pauseMs: 1, idleMs });
  return seen;
}

/** Not toEqual, which compares half a million values one by one. */
function expectWhole(name: string, content: Buffer) {
  expect(readFileSync(join(folder, name)).equals(content)).toBe(true);
}

beforeEach(async () => {
  folder = join(root.path, `folder-${folders++}`);
  server = await serveFiles({ data: CONTENT, other: Buffer.alloc(CONTENT.length, 7), page: Buffer.from('<html>') });
});
afterEach(() => server.close());

describe('a download', () => {
  it('brings the file and says how far it is', async () => {
    const seen = await fetched(remote('data', CONTENT));
    expectWhole('data', CONTENT);
    expect(seen.at(-1)).toBe(CONTENT.length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(readdirSync(folder)).toEqual(['data']);
  });

  it('asks for nothing that is there already, and for all of it where it is another file', async () => {
    await fetched(remote('data', CONTENT));
    expect(await fetched(remote('data', CONTENT))).toEqual([CONTENT.length]);
    expect(server.requests).toEqual(['GET data']);
    writeFileSync(join(folder, 'data'), Buffer.alloc(CONTENT.length));
    await fetched(remote('data', CONTENT));
    expectWhole('data', CONTENT);
  });

  it('goes on where the connection broke', async () => {
    server.faults.push(cutAfter(200_000), cutAfter(100_000));
    await fetched(remote('data', CONTENT));
    expectWhole('data', CONTENT);
    expect(server.requests).toEqual(['GET data', 'GET data from 200000', 'GET data from 300000']);
  });

  it('goes on in a later run', async () => {
    server.faults.push(cutAfter(1000), cutAfter(1000), cutAfter(1000));
    await expect(fetched(remote('data', CONTENT))).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('data could not be downloaded from http://127.0.0.1'),
      remedy: expect.stringContaining('it goes on where it stopped'),
    });
    expect(readdirSync(folder)).toEqual(['data.partial']);
    await fetched(remote('data', CONTENT));
    expect(server.requests.at(-1)).toBe('GET data from 3000');
    expectWhole('data', CONTENT);
  });

  it('begins again where the server knows no ranges', async () => {
    server.faults.push(cutAfter(1000), (file, response) => response.writeHead(200).end(file));
    await fetched(remote('data', CONTENT));
    expectWhole('data', CONTENT);
  });

  it('throws away what is left of something else, and begins again', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'data.partial'), Buffer.alloc(5000, 1));
    await fetched(remote('data', CONTENT));
    expectWhole('data', CONTENT);
    expect(server.requests).toEqual(['GET data from 5000', 'GET data']);
    writeFileSync(join(folder, 'data.partial'), Buffer.alloc(CONTENT.length + 1));
    truncateSync(join(folder, 'data'), 1);
    await fetched(remote('data', CONTENT));
    expectWhole('data', CONTENT);
  });

  it('takes the next mirror', async () => {
    const urls = ['http://127.0.0.1:9/data', `${server.url}nowhere`, `${server.url}page`, `${server.url}data`];
    await fetched(remote('data', CONTENT, { urls }));
    expectWhole('data', CONTENT);
  });

  it('gives up a server that sends nothing', async () => {
    for (let i = 0; i < 3; i++)
      server.faults.push((file, response) => response.writeHead(200).write(file.subarray(0, 10)));
    await expect(fetched(remote('data', CONTENT), 400)).rejects.toThrow('nothing came for 0.4 s');
  });

  it.each([
    ['refuses a page in the place of the file', 'page', 'the server offers 6 bytes, the official file has 524288'],
    ['says what the server answered', 'nowhere', 'the server answered 404 Not Found'],
  ])('%s', async (_, name, sentence) => {
    const refused = fetched(remote('data', CONTENT, { urls: [`${server.url}${name}`] }));
    await expect(refused).rejects.toMatchObject({ code: 'unreachable', message: expect.stringContaining(sentence) });
  });

  it('keeps nothing of a file with another SHA-256', async () => {
    const refused = fetched(remote('data', CONTENT, { urls: [`${server.url}other`] }));
    await expect(refused).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('other has SHA-256 '),
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('an archive', () => {
  const members = [
    { name: 'one.bin', bytes: 1000 },
    { name: 'two.bin', bytes: 100_000 },
  ];

  /** A .tar.gz by the machine's own tar. */
  function archive(files: Record<string, Buffer>): Buffer {
    const place = join(root.path, `archive-${folders++}`);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(place, 'official', name, '..'), { recursive: true });
      writeFileSync(join(place, 'official', name), content);
    }
    execFileSync('tar', ['-czf', join(place, 'it.tar.gz'), '--format=ustar', '-C', place, 'official']);
    return readFileSync(join(place, 'it.tar.gz'));
  }
  const [one, two] = [CONTENT.subarray(0, 1000), CONTENT.subarray(1000, 101_000)];

  async function unpacked(content: Buffer) {
    await server.close();
    server = await serveFiles({ 'it.tar.gz': content });
    const file = remote('it.tar.gz', content, { archive: { folder: 'inside', members } });
    await fetched(file);
    return file;
  }

  it('is unpacked to the files that are known, and removed', async () => {
    const file = await unpacked(archive({ 'one.bin': one, 'readme.html': two, 'deep/two.bin': two }));
    expect(readdirSync(folder)).toEqual(['inside']);
    expect(readdirSync(join(folder, 'inside')).sort()).toEqual(['one.bin', 'two.bin']);
    expectWhole('inside/one.bin', one);
    expectWhole('inside/two.bin', two);
    await fetched(file);
    expect(server.requests.length).toBe(1);
  });

  it.each([
    ['lacks a file', () => archive({ 'one.bin': one }), 'it has no two.bin'],
    [
      'has one of another size',
      () => archive({ 'one.bin': two, 'two.bin': two }),
      'one.bin in it has 100000 bytes, not 1000',
    ],
    ['is cut off', () => archive({ 'one.bin': one, 'two.bin': two }).subarray(0, 5000), 'unexpected end of file'],
    ['is no archive', () => Buffer.from('no archive'), 'incorrect header check'],
  ])('that %s is refused', async (_, content, sentence) => {
    await expect(unpacked(content())).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(sentence),
    });
    const found = readdirSync(join(folder, 'inside')).filter((name) => name.endsWith('.bin'));
    expect(found.length).toBeLessThan(2);
  });
});

describe('the catalog', () => {
  it.each(DATASET_NAMES)('pins every file of %s and knows where it is', (dataset) => {
    for (const { name, bytes, sha256, urls } of remoteFiles(dataset)) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(4000);
      for (const url of urls) expect(new URL(url).pathname.endsWith(`/${name}`)).toBe(true);
    }
    expect(remoteFiles(dataset, 'http://here/x')[0]?.urls).toEqual([`http://here/x/${remoteFiles(dataset)[0]?.name}`]);
  });
});
