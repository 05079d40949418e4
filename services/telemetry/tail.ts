/** The end of a file of JSON lines: where its last whole line is, and what follows it. */
import type { FileHandle } from 'node:fs/promises';
import { LINE_BYTES_MAX } from './textLines.ts';

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * The last whole line lies in [begin, end), its newline included; begin equals end where there is none. The machine may
 * have died while the last line was written: it has no newline then, or its length reached the disk before its bytes did,
 * and it is no JSON. Only one line can be torn: what is written next waits for it.
 */
export async function findTail(handle: FileHandle, size: number): Promise<{ begin: number; end: number }> {
  const end = await beginOfLine(handle, size);
  const begin = await beginOfLine(handle, end - 1);
  if (end < size || end === 0 || (await isJson(handle, begin, end))) return { begin, end };
  return { begin: await beginOfLine(handle, begin - 1), end: begin };
}

/** Where the line begins that the byte before `end` belongs to: after the last newline before `end`, or at 0. */
async function beginOfLine(handle: FileHandle, end: number): Promise<number> {
  let upper = end;
  while (upper > 0) {
    const lower = Math.max(0, upper - CHUNK_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(upper - lower), 0, upper - lower, lower);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (newline >= 0) return lower + newline + 1;
    upper = lower;
  }
  return 0;
}

async function isJson(handle: FileHandle, begin: number, end: number): Promise<boolean> {
  if (end - begin > LINE_BYTES_MAX) return false;
  const { buffer } = await handle.read(Buffer.alloc(end - begin), 0, end - begin, begin);
  try {
    JSON.parse(buffer.toString('utf8'));
    return true;
  } catch {
    return false; // Which is what was asked.
  }
}
