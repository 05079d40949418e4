/**
 * Replicas hold the same bits. One that does not is named. What it computed since all agreed is in everybody's sums, so that
 * nobody's state counts, and the run goes back to a checkpoint that all agreed on. Only a hot spare computes nothing: where
 * it is the one that differs, it gets the state of the others.
 */
import type { PhaseReport } from '../../control/messages.ts';
import type { Draft } from './draft.ts';
import { forgetUnsure } from './evaluations.ts';
import { haltAll, release } from './generation.ts';
import type { RunRecord } from './state.ts';

/** A machine that goes wrong more often than this in one run is no accident. */
const HEALS_MAX = 3;

/** True where a difference was found, and the run is on its way to be healed (or has failed). */
export function healDifferent(
  draft: Draft,
  run: RunRecord,
  phase: number,
  reports: Iterable<readonly [string, PhaseReport]>,
): boolean {
  const hashes = [...reports].flatMap(([id, { weightsSha256 }]) =>
    weightsSha256 === '' ? [] : [[id, weightsSha256] as const],
  );
  if (new Set(hashes.map(([, hash]) => hash)).size <= 1) {
    if (hashes.length === run.members.length) run.agreedPhase = phase + 1;
    return false;
  }
  const good = majority(hashes.map(([, hash]) => hash));
  const wrong = hashes.filter(([, hash]) => hash !== good).map(([id]) => id);
  const isSpoilt = good === undefined || haveComputed(run, wrong);
  const found = hashes.map(([id, hash]) => `${id} ${hash.slice(0, 12)}…`).join(', ');
  run.heals += 1;
  draft.emit({ type: 'countFault', fault: 'replicaDiverged' });
  // What is being uploaded now may be as wrong, whether the run goes on or fails.
  run.trustedSince = run.generation + 1;
  const sentence = `Replicas differ after phase ${phase}: ${found}.`;
  // What was stored since all agreed was uploaded by one of them, and nobody knows since when it is wrong.
  const sure = run.checkpoints.filter(
    (c) => c.phase <= run.agreedPhase || (!isSpoilt && c.phase === phase + 1 && c.weightsSha256 === good),
  );
  if (sure.length === 0 && isSpoilt) {
    const remedy = 'Compare hashes more often (reports.hashEveryPhases), or keep more checkpoints.';
    release(draft, run, 'failed', `${sentence} No checkpoint is kept on which all agreed. ${remedy}`);
    return true;
  }
  run.checkpoints = sure.length > 0 ? sure : run.checkpoints.slice(0, 1);
  forgetUnsure(run);
  run.distrusted = new Set([...run.distrusted, ...(isSpoilt ? hashes.map(([id]) => id) : wrong)]);
  if (run.heals > HEALS_MAX) {
    release(
      draft,
      run,
      'failed',
      `${sentence} This is the ${run.heals}th time: take ${wrong.join(', ')} away, then resume.`,
    );
    return true;
  }
  haltAll(draft, run, `${sentence} ${cure(good, wrong, isSpoilt)}`);
  return true;
}

/** Whether one of these may have given a gradient since all agreed. */
function haveComputed(run: RunRecord, workerIds: readonly string[]): boolean {
  const ownShards = run.members.some(({ workerId, shards }) => shards.length > 0 && workerIds.includes(workerId));
  return ownShards || run.agreedPhase < run.generationPhase;
}

function cure(good: string | undefined, wrong: readonly string[], isSpoilt: boolean): string {
  if (good === undefined) return 'Nobody’s state counts.';
  const names = wrong.join(', ');
  return isSpoilt
    ? `What ${names} computed is in everybody’s state: all go back to what they agreed on.`
    : `The state of ${names} does not count.`;
}

/** The hash that more than half have. */
function majority(hashes: readonly string[]): string | undefined {
  return hashes.find((hash) => 2 * hashes.filter((other) => other === hash).length > hashes.length);
}
