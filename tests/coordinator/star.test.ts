/**
 * Proves who may join a run's sum: the members of the generation that is open, and nobody else; that all of them get
 * every sum; and that their roads are cut the moment the generation ends.
 */

import { describe, expect, it } from 'vitest';
import { bytesOf, type ReduceChunk, type ReducedChunk } from '../../services/collective/chunk.ts';
import { WireCodec } from '../../services/collective/wireFormat.ts';
import { Star, staleGeneration } from '../../services/coordinator/star.ts';
import type { ReducePeer } from '../../services/wire/handlers.ts';

const MEMBERS = [
  { workerId: 'a', rank: 0, shards: [0] },
  { workerId: 'b', rank: 1, shards: [1, 2] },
];

class FakePeer implements ReducePeer {
  readonly got: ReducedChunk[] = [];
  ended = false;

  async send(chunk: ReducedChunk): Promise<void> {
    this.got.push(chunk);
  }

  end(): void {
    this.ended = true;
  }

  get values(): number[] {
    return this.got.flatMap(({ values }) => [...new Float32Array(values.slice().buffer)]);
  }
}

function chunk(firstShard: number, shardCount: number, values: number[], phase = 0): ReduceChunk {
  const bytes = bytesOf(Float32Array.from(values), 0, values.length);
  return { phase, firstShard, shardCount, offset: 0, length: values.length, values: bytes };
}

const CODEC = new WireCodec('fp32', 0);

function head(workerId: string, generation = 4, runId = 'r') {
  return { runId, generation, workerId };
}

function opened(): Star {
  const star = new Star();
  star.open({ runId: 'r', shardCount: 3, codec: CODEC }, 4, MEMBERS);
  return star;
}

describe('the star', () => {
  it('gives the sum over all shards to every member', async () => {
    const star = opened();
    const [a, b] = [new FakePeer(), new FakePeer()];
    const roads = { a: star.join(head('a'), a), b: star.join(head('b'), b) };
    // Shards 0+1 are one node of the tree over three, so b's two shards travel as two parts.
    await roads.b.chunk(chunk(2, 1, [100, 200]));
    await roads.b.chunk(chunk(1, 1, [10, 20]));
    expect(a.got).toEqual([]);
    await roads.a.chunk(chunk(0, 1, [1, 2]));
    expect(a.values).toEqual([111, 222]);
    expect(b.values).toEqual([111, 222]);
  });

  it.each([
    ['of another run', head('a', 4, 'other')],
    ['of an older generation', head('a', 3)],
    ['of a newer generation', head('a', 5)],
    ['that is no member', head('x')],
  ])('refuses a worker %s as stale, not as wrong', (_, stale) => {
    expect(() => opened().join(stale, new FakePeer())).toThrow(
      expect.objectContaining({ code: 'aborted', remedy: 'The worker joins the next generation by itself.' }),
    );
  });

  it('names the generation that is current, where there is one', () => {
    expect(staleGeneration(head('a', 3), 4).message).toBe(
      'Worker a is not a member of generation 3 of run r; generation 4 is current.',
    );
    expect(staleGeneration(head('a', 3), undefined).message).toBe('Worker a is not a member of generation 3 of run r.');
  });

  it('ends every road when the generation ends, and lets nobody in afterwards', () => {
    const star = opened();
    const peers = [new FakePeer(), new FakePeer()];
    star.join(head('a'), peers[0] ?? new FakePeer());
    star.join(head('b'), peers[1] ?? new FakePeer());
    star.close('r');
    expect(peers.map(({ ended }) => ended)).toEqual([true, true]);
    expect(() => star.join(head('a'), new FakePeer())).toThrow('is not a member');
    star.close('r');
  });

  it('ends the former generation where the next one opens', () => {
    const star = opened();
    const old = new FakePeer();
    star.join(head('a'), old);
    star.open({ runId: 'r', shardCount: 3, codec: CODEC }, 5, MEMBERS);
    expect(old.ended).toBe(true);
    expect(() => star.join(head('a', 5), new FakePeer())).not.toThrow();
  });

  it('keeps runs apart', async () => {
    const star = opened();
    star.open({ runId: 's', shardCount: 1, codec: CODEC }, 1, [{ workerId: 'c', rank: 0, shards: [0] }]);
    const [a, c] = [new FakePeer(), new FakePeer()];
    star.join(head('a'), a);
    await star.join(head('c', 1, 's'), c).chunk(chunk(0, 1, [7]));
    expect(c.values).toEqual([7]);
    expect(a.got).toEqual([]);
    star.close('r');
    expect(c.ended).toBe(false);
  });

  it('refuses a chunk that is not the member’s, naming it', async () => {
    const star = opened();
    const a = star.join(head('a'), new FakePeer());
    await expect(a.chunk(chunk(1, 1, [1]))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('from worker a (phase 0, shards 1+1'),
    });
  });

  it('goes on for the others where a peer is gone', async () => {
    const star = opened();
    const b = new FakePeer();
    const gone = { send: () => Promise.reject(new Error('closed')), end: () => undefined };
    const a = star.join(head('a'), gone);
    const road = star.join(head('b'), b);
    await road.chunk(chunk(1, 1, [10]));
    await road.chunk(chunk(2, 1, [100]));
    await a.chunk(chunk(0, 1, [1]));
    expect(b.values).toEqual([111]);
  });

  it('sends nothing more to a peer that has closed its road', async () => {
    const star = opened();
    const peers = { a: new FakePeer(), b: new FakePeer() };
    const [a, b] = [star.join(head('a'), peers.a), star.join(head('b'), peers.b)];
    await b.chunk(chunk(1, 1, [10]));
    await b.chunk(chunk(2, 1, [100]));
    b.closed();
    await a.chunk(chunk(0, 1, [1]));
    expect(peers.a.values).toEqual([111]);
    expect(peers.b.got).toEqual([]);
  });
});
