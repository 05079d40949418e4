/** The state that an assignment starts from: from a member that holds it, or out of the coordinator's checkpoint. */
import { createHash } from 'node:crypto';
import { aligned, floatsOf } from '../collective/chunk.ts';
import type { Assignment, TransferHead } from '../control/messages.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { PeerAddress } from '../mesh/address.ts';
import type { CoordinatorLink } from '../wire/coordinatorLink.ts';

export interface StatePorts {
  readonly link: Pick<CoordinatorLink, 'downloadState'>;
  /** Fetches a state from another worker; whole and checked. */
  fetchState(
    from: PeerAddress,
    of: { readonly runId: string; readonly generation: number; readonly key: string; readonly phase: number },
    signal: AbortSignal,
  ): Promise<Uint8Array>;
}

/** Throws `corrupt` where bytes were lost or changed on the way. */
export async function getState(
  assignment: Assignment,
  head: TransferHead,
  ports: StatePorts,
  signal: AbortSignal,
): Promise<Float32Array> {
  signal.throwIfAborted();
  const { sourceRank, phase, runId, generation, meshKey: key } = assignment;
  if (sourceRank === undefined) return floatsOf(aligned(await download(head, phase, ports, signal)));
  const from = must(assignment.peers[sourceRank], 'source');
  return floatsOf(aligned(await ports.fetchState(from, { runId, generation, key, phase }, signal)));
}

async function download(
  head: TransferHead,
  phase: number,
  { link }: StatePorts,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let expected = '';
  for await (const { data, sha256 } of link.downloadState(head, phase, signal)) {
    pieces.push(data);
    expected = sha256 || expected;
  }
  const bytes = Buffer.concat(pieces);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === expected) return bytes;
  throw new GanglionError({
    code: 'corrupt',
    message: `The state of phase ${phase} arrived with SHA-256 ${found.slice(0, 12)}…, not ${expected.slice(0, 12)}….`,
    remedy: 'Verify the checkpoint with `ganglion checkpoints verify`, then resume from an older one.',
  });
}
