/**
 * Proves the outbox's bookkeeping without a network: in any history of offers, failures and confirmations every durable
 * event is sent until it is confirmed, each run's events come in order, and phases are dropped oldest-first and counted.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../services/report/runEvent.ts';
import { BATCH_MAX, type Batch, OutboxState, RING_MAX } from '../../services/telemetry/outboxState.ts';
import { phaseEvent, stateEvent } from './events.ts';

/** The logs of the runs, and a state that was told of them. */
class Simulation {
  readonly state = new OutboxState();
  readonly logs = new Map<string, RunEvent[]>();
  readonly delivered: RunEvent[] = [];
  dropped = 0;
  offeredPhases = 0;

  constructor(runIds: readonly string[]) {
    for (const runId of runIds) {
      this.logs.set(runId, []);
      this.state.addRun(runId, { cursor: 0, newestDurable: -1 });
    }
  }

  offer(runId: string, kind: 'state' | 'phase'): void {
    const log = this.logs.get(runId) ?? [];
    const event = kind === 'state' ? stateEvent(log.length, runId) : phaseEvent(log.length, log.length, runId);
    log.push(event);
    if (kind === 'phase') this.offeredPhases += 1;
    this.dropped += this.state.offer(event);
  }

  /** One turn; `between` happens while the log is read. False where nothing waits. */
  turn(outcome: 'confirm' | 'fail', between: () => void = () => undefined): boolean {
    const turn = this.state.next();
    if (!turn) return false;
    const { durableFrom, upTo } = turn;
    const durable = (this.logs.get(turn.runId) ?? []).filter(
      ({ kind, sequence }) =>
        kind !== 'phase' && durableFrom !== undefined && sequence >= durableFrom && sequence <= upTo,
    );
    between();
    const batch: Batch = this.state.take(turn, durable.slice(0, BATCH_MAX));
    expect(batch.events.length).toBeLessThanOrEqual(BATCH_MAX);
    this.delivered.push(...batch.events);
    if (outcome === 'confirm') this.state.confirm(batch);
    else this.dropped += this.state.fail();
    expect(this.state.depth).toBeLessThanOrEqual(RING_MAX);
    return true;
  }

  drain(): void {
    // Every confirmed turn of n runs' events takes at least one away.
    for (let turns = 0; this.turn('confirm'); turns++) expect(turns).toBeLessThan(100_000);
  }

  /** Sequences of a run as a reader sees them who ignores repeats. */
  firstSeen(runId: string): number[] {
    return [...new Set(this.delivered.filter((event) => event.runId === runId).map(({ sequence }) => sequence))];
  }
}

describe('OutboxState', () => {
  it('sends everything once, in order, when nothing goes wrong', () => {
    const simulation = new Simulation(['run-1']);
    for (let i = 0; i < 700; i++) simulation.offer('run-1', i % 3 ? 'phase' : 'state');
    simulation.drain();
    expect(simulation.delivered.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 700 }, (_, i) => i));
    expect(simulation.state.depth).toBe(0);
  });

  it('drops the oldest phases beyond the ring, counts them, and no state', () => {
    const simulation = new Simulation(['run-1']);
    simulation.offer('run-1', 'state');
    for (let i = 0; i < RING_MAX + 76; i++) simulation.offer('run-1', 'phase');
    simulation.offer('run-1', 'state');
    expect(simulation.dropped).toBe(76);
    expect(simulation.state.depth).toBe(RING_MAX);
    simulation.drain();
    const rest = Array.from({ length: RING_MAX + 1 }, (_, i) => 77 + i);
    expect(simulation.firstSeen('run-1')).toEqual([0, ...rest]);
  });

  it('gives runs turns: a long history keeps nobody waiting', () => {
    const simulation = new Simulation(['run-1', 'run-2']);
    for (let i = 0; i < 5 * BATCH_MAX; i++) simulation.offer('run-1', 'state');
    simulation.offer('run-2', 'state');
    simulation.turn('confirm');
    simulation.turn('confirm');
    expect(simulation.firstSeen('run-2')).toEqual([0]);
  });

  it('takes up what an earlier coordinator left, from the cursor on', () => {
    const state = new OutboxState();
    state.addRun('run-1', { cursor: 5, newestDurable: 8 });
    expect(state.next()).toEqual({ runId: 'run-1', durableFrom: 5, upTo: 8 });
    state.addRun('run-2', { cursor: 9, newestDurable: 8 });
    state.setAside('run-1');
    expect(state.next()).toBeUndefined();
  });

  it('counts phases of a run that it does not know as dropped', () => {
    expect(new OutboxState().offer(phaseEvent(0))).toBe(1);
    expect(new OutboxState().offer(stateEvent(0))).toBe(0);
  });

  it('holds in any history', () => {
    const action = fc.oneof(
      { weight: 8, arbitrary: fc.record({ run: fc.constantFrom('a', 'b'), kind: fc.constantFrom('state', 'phase') }) },
      { weight: 2, arbitrary: fc.record({ burst: fc.integer({ min: 1, max: 600 }), run: fc.constantFrom('a', 'b') }) },
      { weight: 4, arbitrary: fc.record({ outcome: fc.constantFrom('confirm', 'fail'), meanwhile: fc.nat(3) }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const simulation = new Simulation(['a', 'b']);
        for (const act of actions) {
          if ('kind' in act) simulation.offer(act.run, act.kind as 'state' | 'phase');
          else if ('burst' in act) {
            for (let i = 0; i < act.burst; i++) simulation.offer(act.run, i % 50 ? 'phase' : 'state');
          } else {
            simulation.turn(act.outcome as 'confirm' | 'fail', () => {
              for (let i = 0; i < act.meanwhile; i++) simulation.offer('a', i % 2 ? 'phase' : 'state');
            });
          }
        }
        simulation.drain();
        for (const [runId, log] of simulation.logs) {
          const seen = simulation.firstSeen(runId);
          expect(seen).toEqual([...seen].sort((a, b) => a - b));
          const durable = log.filter(({ kind }) => kind !== 'phase').map(({ sequence }) => sequence);
          expect(durable.filter((sequence) => !seen.includes(sequence))).toEqual([]);
        }
        // A phase that was sent, not confirmed, and then dropped is both: it may have arrived.
        const phases = new Set(simulation.delivered.filter(({ kind }) => kind === 'phase'));
        expect(phases.size + simulation.dropped).toBeGreaterThanOrEqual(simulation.offeredPhases);
        expect(simulation.dropped).toBeLessThanOrEqual(simulation.offeredPhases);
      }),
      { numRuns: 60 },
    );
  });
});
