/**
 * Proves the star all-reduce over real gRPC: workers get the bits of one worker alone, the hub is not flooded, and a
 * generation that ends ends every blocked reduce at once with a reason that the worker can go on from.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bytesOf, CHUNK_VALUES, type ReduceChunk } from '../../services/collective/chunk.ts';
import { StarCollective } from '../../services/collective/collective.ts';
import { ownedSubtrees, sumSubtree } from '../../services/collective/tree.ts';
import { WireCodec } from '../../services/collective/wireFormat.ts';
import { Star } from '../../services/coordinator/star.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { dealShards } from '../../services/plan/shards.ts';
import { dialCoordinator } from '../../services/wire/coordinatorLink.ts';
import { cableTo } from './cable.ts';
import { listen, until } from './listen.ts';

const CODEC = new WireCodec('fp32', 0);
const SHARDS = 5;
/** A chunk and a bit. */
const LENGTH = CHUNK_VALUES + 11;

function gradient(shard: number, phase: number): Float32Array {
  return Float32Array.from({ length: LENGTH }, (_, i) => Math.fround(((i % 1_013) - 500) / (shard + phase + 3)));
}

/** A hub with `workerCount` members of generation 1 and one road for each. */
async function cluster(workerCount: number) {
  const star = new Star();
  const members = dealShards(SHARDS, Array<number>(workerCount).fill(1)).map((shards, rank) => ({
    workerId: `w${rank}`,
    rank,
    shards,
  }));
  star.open({ runId: 'r', shardCount: SHARDS, codec: CODEC }, 1, members);
  const { port } = await listen({ joinReduce: (head, peer) => star.join(head, peer) });
  const cable = await cableTo(port);
  const workers = members.map(({ workerId, shards }) => {
    const link = dialCoordinator(cable.address);
    onTestFinished(() => link.close());
    const collective = new StarCollective((on) => link.openReduce({ runId: 'r', generation: 1, workerId }, on));
    const reduce = async (phase: number) => {
      const parts = ownedSubtrees(SHARDS, shards).map((subtree) => ({
        subtree,
        values: sumSubtree(subtree, (shard) => gradient(shard, phase)),
      }));
      const into = new Float32Array(LENGTH);
      await collective.reduce(phase, parts, into);
      return into;
    };
    return { collective, reduce };
  });
  return { star, cable, workers };
}

describe('the all-reduce', () => {
  it.each([2, 3, 5])('gives %i workers the bits of one worker alone, phase after phase', async (workerCount) => {
    const { workers } = await cluster(workerCount);
    for (const phase of [4, 5, 6]) {
      const alone = sumSubtree({ first: 0, count: SHARDS }, (shard) => gradient(shard, phase));
      const sums = await Promise.all(workers.map(({ reduce }) => reduce(phase)));
      for (const sum of sums) expect(Buffer.compare(bytesOf(sum, 0, LENGTH), bytesOf(alone, 0, LENGTH))).toBe(0);
    }
  });

  it('that waits for a worker that never comes ends at once when the generation does', async () => {
    const { star, workers } = await cluster(2);
    const waiting = workers[0]?.reduce(0);
    await sleep(50);
    star.close('r');
    await expect(waiting).rejects.toMatchObject({
      code: 'aborted',
      message: 'The coordinator ended the reduce stream.',
    });
  });

  it('that a halt ends rejects with the halt’s reason', async () => {
    const { workers } = await cluster(2);
    const waiting = workers[0]?.reduce(0);
    const halted = new GanglionError({ code: 'aborted', message: 'Worker b was lost.', remedy: 'Wait.' });
    await sleep(20);
    workers[0]?.collective.abort(halted);
    await expect(waiting).rejects.toBe(halted);
  });

  it('of an older generation is refused as stale', async () => {
    const { star, workers } = await cluster(2);
    star.open({ runId: 'r', shardCount: SHARDS, codec: CODEC }, 2, [
      { workerId: 'w0', rank: 0, shards: [0, 1, 2, 3, 4] },
    ]);
    await expect(workers[0]?.reduce(0)).rejects.toMatchObject({ code: 'aborted' });
  });

  it('whose coordinator dies rejects as unreachable', async () => {
    const { cable, workers } = await cluster(2);
    const waiting = workers[0]?.reduce(0);
    await sleep(50);
    cable.cut();
    await expect(waiting).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('rejects with the hub’s sentence where a chunk is refused', async () => {
    const { workers } = await cluster(2);
    const foreign = [{ subtree: { first: 4, count: 1 }, values: new Float32Array(3) }];
    const reduced = workers[0]?.collective.reduce(0, foreign, new Float32Array(3));
    await expect(reduced).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('A chunk from worker w0 (phase 0, shards 4+1, values 0 of 3) was refused'),
    });
  });
});

describe('the hub', () => {
  const chunk: ReduceChunk = {
    ...{ phase: 0, firstShard: 0, shardCount: 1, offset: 0, length: CHUNK_VALUES },
    values: new Uint8Array(CHUNK_VALUES * 4),
  };

  it('takes one chunk at a time, and its slowness is felt by who sends', async () => {
    let taken = 0;
    let sent = 0;
    let next: () => void = () => undefined;
    const { link } = await listen({
      joinReduce: () => ({
        chunk: () => {
          taken += 1;
          return new Promise<void>((resolve) => {
            next = resolve;
          });
        },
        closed: () => undefined,
      }),
    });
    const road = link.openReduce(
      { runId: 'r', generation: 1, workerId: 'w' },
      { chunk: () => undefined, end: () => undefined },
    );
    const sending = (async () => {
      for (; sent < 100; sent++) await road.send(chunk);
    })();
    await until(() => taken === 1);
    await sleep(100);
    expect(taken).toBe(1);
    // Sixteen wait in the hub's stream and sixteen in the worker's (Node's bound for objects): not a hundred.
    expect(sent).toBeLessThan(40);
    next();
    await until(() => taken === 2);
    road.cancel();
    await Promise.race([sending.catch(() => undefined), sleep(100)]);
  });

  it('hears once that a member’s road is gone, however it went', async () => {
    let closings = 0;
    const closed = () => {
      closings += 1;
    };
    const { port } = await listen({
      joinReduce: () => ({ chunk: async () => undefined, closed }),
    });
    const cable = await cableTo(port);
    for (const [i, go] of [(road: { cancel(): void }) => road.cancel(), () => cable.cut()].entries()) {
      const link = dialCoordinator(cable.address);
      onTestFinished(() => link.close());
      const head = { runId: 'r', generation: 1, workerId: `w${i}` };
      const road = link.openReduce(head, { chunk: () => undefined, end: () => undefined });
      await road.send(chunk);
      await sleep(50);
      go(road);
      await until(() => closings === i + 1);
    }
    await sleep(50);
    expect(closings).toBe(2);
  });
});
