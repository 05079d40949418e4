/** For whom a run waits, in a sentence. */
import type { Draft } from './draft.ts';
import { usableWorkers } from './gang.ts';
import { classOf, countOf } from './generation.ts';
import type { RunRecord, WorkerRecord } from './state.ts';

export function explain(draft: Draft, run: RunRecord): void {
  const why = run.returning.length > 0 ? waitsForReturn(draft, run) : waitsForWorkers(draft, run);
  if (why === run.why) return;
  draft.enter(run, run.stage === 'holding' ? 'waiting' : run.state, why);
}

function waitsForReturn(draft: Draft, run: RunRecord): string {
  const missing = run.returning.filter((workerId) => !draft.worker(workerId));
  return `The coordinator was started again; waits for ${missing.join(', ')} to come back with the newest state.`;
}

function waitsForWorkers(draft: Draft, run: RunRecord): string {
  const usable = usableWorkers(draft, run);
  const present = usable.filter((w) => w.runId === undefined || w.runId === run.runId);
  const alike = mostAlike(run, present);
  const others = present.length - alike;
  const busy = usable.length - present.length;
  const connected = draft.workerIds().length;
  const { backend, compile } = run.config;
  const backends = compile === 'xla' ? 'libtensorflow for compile: xla, ' : '';
  const needs = `${backend.require === 'any' ? backends : `backend ${backend.require}, `}${countOf(backend.intraOpThreads, 'thread')} an op`;
  return [
    run.reason === '' ? '' : `${run.reason} `,
    `Waits for ${countOf(run.config.workers.min, 'worker')} of one device class (${needs}): ${alike} here`,
    others > 0 ? `, ${others} of another device class${run.deviceClass === '' ? '' : ` than ${run.deviceClass}`}` : '',
    busy > 0 ? `, ${busy} busy with other runs` : '',
    connected > usable.length
      ? `, ${connected - usable.length} connected that do not fit, drain or rest after a failure`
      : '',
    run.stage === 'holding' ? `; phase ${run.phase} is held.` : '.',
  ].join('');
}

/** How many of these compute the same bits: as the run began, or the largest class where it has not. */
function mostAlike(run: RunRecord, present: readonly WorkerRecord[]): number {
  const counts = new Map<string, number>();
  for (const worker of present) counts.set(classOf(worker), (counts.get(classOf(worker)) ?? 0) + 1);
  return run.deviceClass === '' ? Math.max(0, ...counts.values()) : (counts.get(run.deviceClass) ?? 0);
}
