/** A state on its way in: put together, bounded, and checked against the hash that its sender gave. */

import { sha256 } from '../checkpoint/verify.ts';
import type { TransferHead } from '../control/messages.ts';
import { GanglionError } from '../errors/ganglionError.ts';

/** A state of 256 M values: far above any GAN that fits a worker, far below what would end this process. */
const STATE_BYTES_MAX = 1024 ** 3;

/** Throws `corrupt` where bytes were lost or changed on the way. */
export async function receiveState(
  head: TransferHead,
  phase: number,
  chunks: AsyncIterable<{ data: Uint8Array; sha256: string }>,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  let expected = '';
  for await (const chunk of chunks) {
    bytes += chunk.data.length;
    if (bytes > STATE_BYTES_MAX) throw refusal(head, phase, `it has more than ${STATE_BYTES_MAX} bytes`);
    pieces.push(chunk.data);
    expected = chunk.sha256 || expected;
  }
  const state = Buffer.concat(pieces);
  const found = await sha256(state);
  if (found !== expected)
    throw refusal(head, phase, `its SHA-256 is ${found}, ${expected ? `not ${expected}` : 'and none was given'}`);
  return state;
}

function refusal(head: TransferHead, phase: number, what: string): GanglionError {
  return new GanglionError({
    code: 'corrupt',
    message: `The state of run ${head.runId} at phase ${phase} from worker ${head.workerId} was refused: ${what}.`,
    remedy: 'Nothing was written; the run goes on from its newest checkpoint with `ganglion runs resume`.',
  });
}
