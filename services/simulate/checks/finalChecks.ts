/** What must hold when all runs are over. */
import type { RunEvent } from '../../report/runEvent.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { World } from '../world.ts';

export function finalChecks({ checks }: World, cluster: Cluster): void {
  const { disk } = cluster.coordinator;
  for (const { runId, state, phase, weightsSha256, checkpointPhases } of cluster.person.runs ?? []) {
    const run = checks.runWithId(runId);
    if (phase !== run.lastPhase) checks.fail(`${runId} is ${state} at phase ${phase}, not ${run.lastPhase}`);
    if (weightsSha256 !== run.finalSha256) checks.fail(`${runId} ends with another hash than the undisturbed run`);
    run.checkLedger();
    const { checkpoints, events, evidence } = disk.folder(runId);
    for (const [at, { weightsSha256: stored }] of checkpoints) {
      // One that was dropped when replicas were found to differ may lie there until it is written again.
      if (checkpointPhases.includes(at) && stored !== run.hashAt(at))
        checks.fail(`${runId} has a checkpoint of phase ${at} with another hash`);
    }
    if (!checkpoints.has(run.lastPhase)) checks.fail(`${runId} has no checkpoint of its last phase`);
    if (state === 'failed' && !evidence.has(phase)) checks.fail(`${runId} keeps no evidence of phase ${phase}`);
    checkHistory(runId, events, (what) => checks.fail(what));
  }
}

/** Sequences and reported phases only ever grow, and no alarm is raised twice: nothing is told again. */
function checkHistory(runId: string, events: readonly RunEvent[], fail: (what: string) => void): void {
  let sequence = -1;
  let phase = -1;
  const raised = new Set<string>();
  for (const event of events) {
    if (event.sequence <= sequence) fail(`${runId} tells sequence ${event.sequence} after ${sequence}`);
    sequence = event.sequence;
    if (event.kind === 'alarm') {
      if (event.active && raised.has(event.name)) fail(`${runId} raises ${event.name} twice`);
      if (event.active) raised.add(event.name);
      else raised.delete(event.name);
    }
    if (event.kind !== 'phase') continue;
    if (event.phase <= phase) fail(`${runId} tells phase ${event.phase} after ${phase}`);
    phase = event.phase;
  }
}
