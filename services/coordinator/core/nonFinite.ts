/** A gradient that is NaN or infinite. It is the same on every replica, so repeating the phase would not cure it. */
import { OrderedMap } from 'immutable';
import type { Draft } from './draft.ts';
import { haltAll } from './generation.ts';
import { judge } from './illness.ts';
import type { NonFiniteRecord, RunRecord, WorkerRecord } from './state.ts';

const NOBODY = OrderedMap<string, NonFiniteRecord>();

/** Every member says so of the same phase; what follows waits for all, so that the shard is known. */
export function notFinite(
  draft: Draft,
  run: RunRecord,
  worker: WorkerRecord,
  { phase, tensor, shards, skipped }: NonFiniteRecord & { phase: number; skipped: boolean },
): void {
  if (run.stage !== 'training' && run.stage !== 'stopping') return;
  const records = run.nonFinite.get(phase, NOBODY).set(worker.workerId, { tensor, shards });
  run.nonFinite = run.nonFinite.set(phase, records);
  if (records.size < run.members.length) return;
  run.nonFinite = run.nonFinite.filter((_, other) => other > phase);
  const found = [...records].flatMap(([id, record]) => record.shards.map((shard) => `shard ${shard} on ${id}`));
  const from = found.length > 0 ? found.join(', ') : 'no single shard: their sum overflows';
  const sentence = `Phase ${phase} gave a gradient of ${tensor} that is not finite, from ${from}.`;
  judge(draft, run, { kind: 'nonFinite', phase: phase + 1, sentence: sentence.slice(0, -1) });
  draft.emit({ type: 'countFault', fault: 'nonFiniteGradient' });
  draft.emit({ type: 'keepEvidence', runId: run.runId, phase, tensor, members: [...records] });
  if (skipped) return draft.enter(run, run.state, `${sentence} Its update was left out, as onNonFinite says.`);
  run.intent = 'fail';
  const remedy = 'Launch anew with a lower learning rate, or with onNonFinite: skip-phase.';
  run.reason = `${sentence} The state before it is on disk. ${remedy}`;
  haltAll(draft, run, run.reason);
}
