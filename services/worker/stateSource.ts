/** The state that an assignment starts from: from a member that holds it, or out of the coordinator's checkpoint. */
import { sha256 } from '../checkpoint/verify.ts';
import { aligned, floatsOf } from '../collective/chunk.ts';
import type { Assignment, DownloadHead, TransferHead } from '../control/messages.ts';
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
  if (sourceRank === undefined) return floatsOf(aligned(await downloadState(ports.link, head, phase, signal)));
  const from = must(assignment.peers[sourceRank], 'source');
  return floatsOf(aligned(await ports.fetchState(from, { runId, generation, key, phase }, signal)));
}

/** Out of a checkpoint of the coordinator's. Throws `corrupt`. */
export async function downloadState(
  link: StatePorts['link'],
  head: DownloadHead,
  phase: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let expected = '';
  for await (const { data, sha256: given } of link.downloadState(head, phase, signal)) {
    pieces.push(data);
    expected = given || expected;
  }
  const bytes = Buffer.concat(pieces);
  const found = await sha256(bytes);
  if (found === expected) return bytes;
  throw new GanglionError({
    code: 'corrupt',
    message: `The state of phase ${phase} arrived with SHA-256 ${found.slice(0, 12)}…, not ${expected.slice(0, 12)}….`,
    remedy: 'Verify the checkpoint with `ganglion checkpoints verify`, then resume from an older one.',
  });
}
