/** The sentence for a chunk that must not enter a sum: whose it is, what it says it is, and why not. */
import { GanglionError } from '../errors/ganglionError.ts';

export interface ChunkPosition {
  readonly phase: number;
  readonly firstShard: number;
  readonly shardCount: number;
  readonly offset: number;
  readonly length: number;
}

export function refusal(workerId: string, chunk: ChunkPosition, why: string): GanglionError {
  const { phase, firstShard, shardCount, offset, length } = chunk;
  return new GanglionError({
    code: 'refused',
    message:
      `A chunk from worker ${workerId} (phase ${phase}, shards ${firstShard}+${shardCount}, ` +
      `values ${offset} of ${length}) was refused: ${why}.`,
    remedy: 'The run stops at its last good phase; report this with the logs of worker and coordinator.',
  });
}
