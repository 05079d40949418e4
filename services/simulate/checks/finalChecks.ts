/** What must hold when all runs are completed. */
import type { Cluster } from '../cluster/cluster.ts';
import type { World } from '../world.ts';

export function finalChecks({ checks }: World, cluster: Cluster): void {
  const { disk } = cluster.coordinator;
  for (const { runId, phase, weightsSha256, checkpointPhases } of cluster.person.runs ?? []) {
    const run = checks.runWithId(runId);
    if (phase !== run.totalPhases) checks.fail(`${runId} is completed at phase ${phase} of ${run.totalPhases}`);
    if (weightsSha256 !== run.finalSha256) checks.fail(`${runId} ends with another hash than the undisturbed run`);
    run.checkLedger();
    const { checkpoints, events } = disk.folder(runId);
    for (const [at, { weightsSha256: stored }] of checkpoints) {
      // One that was dropped when replicas were found to differ may lie there until it is written again.
      if (checkpointPhases.includes(at) && stored !== run.hashAt(at))
        checks.fail(`${runId} has a checkpoint of phase ${at} with another hash`);
    }
    if (!checkpoints.has(run.totalPhases)) checks.fail(`${runId} has no checkpoint of its last phase`);
    checkHistory(runId, events, (what) => checks.fail(what));
  }
}

/** Sequences and reported phases only ever grow: nothing is told twice. */
function checkHistory(
  runId: string,
  events: readonly { readonly kind: string; readonly sequence: number; readonly phase: number }[],
  fail: (what: string) => void,
): void {
  let sequence = -1;
  let phase = -1;
  for (const event of events) {
    if (event.sequence <= sequence) fail(`${runId} tells sequence ${event.sequence} after ${sequence}`);
    sequence = event.sequence;
    if (event.kind !== 'phase') continue;
    if (event.phase <= phase) fail(`${runId} tells phase ${event.phase} after ${phase}`);
    phase = event.phase;
  }
}
