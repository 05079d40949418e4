/**
 * Gets one pinned file over HTTP. What came so far stays beside it as `.partial`, and the next try, of this process or a
 * later one, asks for the rest (RFC 9110, section 14). The file gets its name only when its SHA-256 is right.
 */
import { existsSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { diskFull, isDiskFull } from '../../backend/diskSpace.ts';
import { sha256OfFile } from '../../backend/fileHash.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { RemoteFile } from './catalog.ts';

export interface FetchOptions {
  /** Called with the bytes that are there, of the file's. */
  readonly onProgress: (doneBytes: number) => void;
  /** Pause before the second round over the mirrors; twice as long before the third. */
  readonly pauseMs?: number;
  /** A server that sends nothing for so long is given up. */
  readonly idleMs?: number;
}

const ROUNDS = 3;
const PAUSE_MS = 1000;
const IDLE_MS = 30_000;

/** Brings `file` to `path`. Throws `unreachable`, `corrupt` or `disk`. */
export async function fetchFile(file: RemoteFile, path: string, options: FetchOptions): Promise<void> {
  if (existsSync(path) && (await isWhole(path, file))) return options.onProgress(file.bytes);
  const partial = `${path}.partial`;
  let last: unknown;
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) await pause((options.pauseMs ?? PAUSE_MS) * 2 ** (round - 1));
    for (const url of file.urls) {
      try {
        await fetchRest(file, url, partial, options);
        await verify(file, url, partial);
        return await rename(partial, path);
      } catch (error) {
        if (isDiskFull(error)) throw diskFull(partial, error);
        last = error;
      }
    }
  }
  if (last instanceof GanglionError && last.code === 'corrupt') throw last;
  throw new GanglionError({
    code: 'unreachable',
    message: `${file.name} could not be downloaded from ${file.urls.join(' or ')}: ${reason(last)}.`,
    remedy:
      'Check the network and run the command again: it goes on where it stopped. Or fetch the file elsewhere and put it into the folder.',
    cause: last,
  });
}

async function fetchRest(file: RemoteFile, url: string, partial: string, options: FetchOptions): Promise<void> {
  const had = sizeOf(partial);
  if (had > file.bytes) rmSync(partial);
  const from = had > file.bytes ? 0 : had;
  if (from === file.bytes) return;
  const idle = new IdleTimer(options.idleMs ?? IDLE_MS);
  try {
    // Packed on the way, a .gz would come unpacked, and a range would be one of other bytes.
    const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) };
    const response = await fetch(url, { headers, signal: idle.signal });
    const begin = beginOf(response, from);
    const length = response.headers.get('content-length');
    if (length !== null && begin + Number(length) !== file.bytes) {
      throw new Error(`the server offers ${begin + Number(length)} bytes, the official file has ${file.bytes}`);
    }
    const output = await open(partial, begin === 0 ? 'w' : 'a');
    try {
      await save(response, output, begin, file, (done) => {
        idle.touch();
        options.onProgress(done);
      });
    } finally {
      await output.close();
    }
  } finally {
    idle.stop();
  }
}

/** The first byte that the answer holds. */
function beginOf(response: Response, from: number): number {
  if (response.status === 200) return 0;
  const begin = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (response.status === 206 && Number(begin) === from) return from;
  throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
}

async function save(
  response: Response,
  output: FileHandle,
  begin: number,
  file: RemoteFile,
  onProgress: (done: number) => void,
): Promise<void> {
  let done = begin;
  for await (const chunk of response.body ?? []) {
    done += chunk.length;
    if (done > file.bytes) throw new Error(`the server sends more than the ${file.bytes} bytes of the official file`);
    await output.write(chunk);
    onProgress(done);
  }
  if (done < file.bytes) throw new Error(`the connection ended after ${done} of ${file.bytes} bytes`);
}

async function verify(file: RemoteFile, url: string, partial: string): Promise<void> {
  const sha256 = await sha256OfFile(partial);
  if (sha256 === file.sha256) return;
  rmSync(partial);
  throw new GanglionError({
    code: 'corrupt',
    message: `${url} has SHA-256 ${sha256}; that of the official file is ${file.sha256}.`,
    remedy: 'Nothing was kept. Try again, or another mirror with --mirror; if it stays so, do not trust that server.',
  });
}

async function isWhole(path: string, file: RemoteFile): Promise<boolean> {
  return sizeOf(path) === file.bytes && (await sha256OfFile(path)) === file.sha256;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** `fetch failed` alone tells nobody anything: its cause has the reason. */
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

class IdleTimer {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(idleMs: number) {
    const error = new Error(`nothing came for ${idleMs / 1000} s`);
    this.#timer = setTimeout(() => this.#controller.abort(error), idleMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  touch(): void {
    this.#timer.refresh();
  }

  /** Also ends an answer that was not read to its end. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}
