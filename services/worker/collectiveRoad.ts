/** The road of a generation's all-reduce, as the assignment names it. */
import { type Collective, SoloCollective, StarCollective } from '../collective/collective.ts';
import { DirectCollective } from '../collective/directCollective.ts';
import { FRAME_VALUES } from '../collective/limits.ts';
import { exactLength, wireCodec } from '../compression/gradientExchange.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { Assignment, TransferHead } from '../control/messages.ts';
import { must } from '../errors/invariant.ts';
import type { CoordinatorLink } from '../wire/coordinatorLink.ts';
import type { MeshOpener } from './meshPort.ts';
import type { StatePorts } from './stateSource.ts';

export interface RoadPorts extends StatePorts {
  readonly link: CoordinatorLink;
  openMesh: MeshOpener;
}

/** Throws `unreachable` where a member cannot be dialled directly. */
export async function openCollective(
  assignment: Assignment,
  config: RunConfig,
  ports: RoadPorts,
  head: TransferHead,
  signal: AbortSignal,
  allocate?: (bytes: number) => Uint8Array,
): Promise<Collective> {
  const { members, rank: self, peers, runId, generation, meshKey: key, road } = assignment;
  if (members.length === 1) return new SoloCollective();
  const { sampleSize } = assignment;
  if (road === 'star') {
    return new StarCollective((on) => ports.link.openReduce(head, on), wireCodec(config, sampleSize));
  }
  const others = members
    .filter(({ rank }) => rank !== self)
    .map(({ workerId, rank }) => ({ workerId, rank, address: must(peers[rank], 'address') }));
  const mesh = await ports.openMesh(
    { runId, generation, key, self: { workerId: head.workerId, rank: self }, peers: others },
    signal,
  );
  return new DirectCollective({
    mesh,
    self,
    members,
    shardCount: config.shards,
    codec: wireCodec(config, sampleSize),
    // Buffers for whole frames of a small network's gradients would be mostly empty, and there are many.
    frameValues: Math.min(FRAME_VALUES, exactLength(config, sampleSize)),
    ...(allocate && { allocate }),
  });
}
