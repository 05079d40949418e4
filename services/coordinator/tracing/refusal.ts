/** Why a run, or phases of it, cannot be traced. */
import type { ErrorDetails } from '../../errors/ganglionError.ts';
import { isFinal, type RunState } from '../../report/runEvent.ts';
import type { AskedTrace } from '../../trace/tracePart.ts';
import type { Sight } from './draft.ts';
import type { Participant } from './participant.ts';

/** Undefined where they can. */
export function refusal({ runId, firstPhase, phaseCount }: AskedTrace, sight: Sight): ErrorDetails | undefined {
  const { phase, totalPhases } = sight;
  if (!(phaseCount >= 1)) return noPhase(phaseCount);
  if (!goesOn(sight.runState)) return doesNotTrain(runId, sight);
  if (firstPhase === undefined) return undefined;
  if (firstPhase < phase) return isOver(runId, firstPhase, phase);
  const last = firstPhase + phaseCount - 1;
  if (last < totalPhases) return undefined;
  const message = `${runId} has the phases 0 to ${totalPhases - 1}: found ${firstPhase}–${last}.`;
  return { code: 'invalid-argument', message, remedy: `Ask for phases from ${phase} to ${totalPhases - 1}.` };
}

function noPhase(phaseCount: number): ErrorDetails {
  const message = `A trace of ${phaseCount} phases was asked for; 1 or more are allowed.`;
  return { code: 'invalid-argument', message, remedy: 'Ask for 20, say.' };
}

export function goesOn(state: RunState): boolean {
  return !isFinal(state) && state !== 'paused' && state !== 'pausing';
}

export function doesNotTrain(runId: string, { runState, phase, why }: Sight): ErrorDetails {
  const message = `${runId} does not train: it is ${runState} at phase ${phase}. ${why}`.trimEnd();
  const remedy = 'Trace a run while it trains; `ganglion runs resume` goes on with one that was stopped.';
  return { code: 'wrong-state', message, remedy };
}

export function isOver(runId: string, from: number, phase: number): ErrorDetails {
  const message = `Phase ${from} of ${runId} is over: the run is at phase ${phase}.`;
  return { code: 'wrong-state', message, remedy: 'Ask for later ones, or with --phases N for the next N.' };
}

export function nothingLeft(runId: string, totalPhases: number): ErrorDetails {
  const message = `${runId} is about to end: of its ${totalPhases} phases none is left that all workers can record.`;
  return { code: 'wrong-state', message, remedy: 'Trace a run that has more phases before it.' };
}

export function nobodyRecords(participants: readonly Participant[]): ErrorDetails {
  const message = `Nothing was recorded. ${participants.map(({ why }) => why).join(' ')}`;
  return {
    code: 'wrong-state',
    message,
    remedy: 'Use workers of this Ganglion version, and look whether they answer.',
  };
}

export function isTraced(runId: string): ErrorDetails {
  const message = `${runId} is being traced already.`;
  return { code: 'wrong-state', message, remedy: 'Wait until that trace is there, or interrupt it.' };
}
