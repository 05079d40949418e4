/**
 * Takes known files out of a .tar.gz (POSIX ustar): a header of 512 bytes, the file, zeros up to the next 512. Only the
 * names that are asked for are written, and to where they are asked for: a path in the archive decides nothing.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { diskFull, isDiskFull } from '../../backend/diskSpace.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { Member } from './catalog.ts';

const BLOCK_BYTES = 512;
const PLAIN_FILE = ['0', '\0'];

/** Writes `members` to `folder`. Throws `corrupt` where one is missing or of another size, and `disk`. */
export async function unpack(archive: string, folder: string, members: readonly Member[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const missing = new Map(members.map((member) => [member.name, member.bytes]));
  try {
    for await (const { name, bytes, content } of entries(archive)) {
      const wanted = missing.get(name);
      if (wanted === undefined) {
        for await (const _ of content);
        continue;
      }
      if (bytes !== wanted) throw brokenArchive(archive, `${name} in it has ${bytes} bytes, not ${wanted}`);
      const partial = join(folder, `${name}.partial`);
      const output = await open(partial, 'w');
      await writeAll(output, content);
      await rename(partial, join(folder, name));
      missing.delete(name);
    }
  } catch (error) {
    if (isDiskFull(error)) throw diskFull(`what ${archive} holds`, error);
    if (error instanceof GanglionError) throw error;
    throw brokenArchive(archive, (error as Error).message, error);
  }
  if (missing.size > 0) throw brokenArchive(archive, `it has no ${[...missing.keys()].join(', ')}`);
}

interface Entry {
  /** Without folders. */
  readonly name: string;
  readonly bytes: number;
  /** To be read to its end before the next entry. */
  readonly content: AsyncIterable<Uint8Array>;
}

async function* entries(archive: string): AsyncGenerator<Entry> {
  const [file, stream] = [createReadStream(archive), createGunzip()];
  // A pipe hands no error on: unheard, one of the disk would end the process.
  file.on('error', (error) => stream.destroy(error));
  const bytes = new ByteQueue(file.pipe(stream));
  try {
    for (;;) {
      const header = await bytes.block(BLOCK_BYTES);
      // Two blocks of zeros end an archive.
      if (header === undefined || header.every((byte) => byte === 0)) return;
      const size = Number.parseInt(text(header, 124, 136), 8);
      if (!Number.isSafeInteger(size)) throw new Error('what should be the header of a tar entry is none');
      const isFile = PLAIN_FILE.includes(String.fromCharCode(header[156] ?? 0));
      yield { name: isFile ? basename(text(header, 0, 100)) : '', bytes: size, content: bytes.take(size) };
      for await (const _ of bytes.take((BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES));
    }
  } finally {
    file.destroy();
    stream.destroy();
  }
}

function text(header: Uint8Array, begin: number, end: number): string {
  return Buffer.from(header.subarray(begin, end)).toString('latin1').split('\0')[0]?.trim() ?? '';
}

/** Bytes of a stream, as many at a time as are asked for. */
class ByteQueue {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Uint8Array = new Uint8Array();

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Exactly so many, or undefined at the end of the stream. */
  async block(length: number): Promise<Uint8Array | undefined> {
    if (this.#rest.length === 0 && !(await this.#more())) return undefined;
    const pieces: Uint8Array[] = [];
    for await (const piece of this.take(length)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async *take(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0 && !(await this.#more())) throw new Error('the archive ends inside an entry');
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    this.#rest = value;
    return true;
  }
}

async function writeAll(output: FileHandle, content: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    // Not write, which may write less than it is given.
    for await (const piece of content) await output.writeFile(piece);
  } finally {
    await output.close();
  }
}

function brokenArchive(archive: string, what: string, cause?: unknown): GanglionError {
  return new GanglionError({
    code: 'corrupt',
    message: `${archive} cannot be unpacked: ${what.replace(/\.$/, '')}.`,
    remedy: 'Remove it and run the command again.',
    cause,
  });
}
