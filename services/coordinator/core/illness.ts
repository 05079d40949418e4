/** What a run's reports, pictures and broken gradients say of its health; the rules are in `illness/`. */
import type { Observation } from '../../illness/rule.ts';
import type { Spread } from '../../illness/spread.ts';
import { watch } from '../../illness/watch.ts';
import { samplesUsed } from '../../plan/ledger.ts';
import { isFinal } from '../../report/runEvent.ts';
import type { Draft } from './draft.ts';
import type { RunRecord } from './state.ts';

export function judgePictures(draft: Draft, run: RunRecord, phase: number, spread: Spread): void {
  const samples = samplesUsed(run.config, run.datasetSize, phase);
  judge(draft, run, { kind: 'pictures', phase, samples, spread });
}

export function judge(draft: Draft, run: RunRecord, seen: Observation): void {
  // Nothing is told of a run after its end.
  if (isFinal(run.state)) return;
  const { state, changes } = watch(run.config, run.illness, seen);
  run.illness = state;
  for (const change of changes) {
    draft.emit({ type: 'publish', event: { kind: 'alarm', runId: run.runId, ...change } });
  }
}
