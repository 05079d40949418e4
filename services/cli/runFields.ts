/** A run as rows of a table and as lines of a description. */
import { describeBest, describeMeasures } from '../report/evaluationText.ts';
import type { RunView } from '../report/runView.ts';
import { describeAlarm } from './alarmText.ts';
import type { Console } from './console.ts';
import { type Column, type Format, printOne } from './output.ts';
import { age, figure } from './units.ts';

export function runColumns(nowMs: number): Column<RunView>[] {
  return [
    { title: 'NAME', value: (run) => run.runId },
    { title: 'STATE', value: (run) => run.state },
    { title: 'PHASE', value: (run) => `${run.phase}/${run.totalPhases}` },
    { title: 'WORKERS', value: (run) => `${run.workerIds.length}/${run.workersWanted}` },
    { title: 'V(D,G)', value: (run) => figure(run.statistics.value) },
    { title: 'WEIGHTS', wide: true, value: (run) => run.weightsSha256.slice(0, 12) },
    { title: 'ALARMS', wide: true, value: (run) => run.alarms.map(({ name }) => name).join(', ') || 'none' },
    { title: 'WHY', wide: true, value: (run) => run.why },
    { title: 'AGE', value: (run) => age(run.createdAtMs, nowMs) },
  ];
}

export function describeRun(run: RunView, nowMs: number): [string, string][] {
  const { statistics: s } = run;
  return [
    ['Name', run.runId],
    ['State', run.state],
    ['Why', run.why],
    ['Phase', `${run.phase} of ${run.totalPhases}`],
    ['Generation', String(run.generation)],
    ['Workers', `${wanted(run)} wanted; ${run.workerIds.join(', ') || 'none now'}`],
    ['V(D,G)', `${figure(s.value)}  (D(x) ${figure(s.dReal)}, D(G(z)) ${figure(s.dFake)})`],
    ['Losses', `D ${figure(s.discriminatorLoss)}, G ${figure(s.generatorLoss)}`],
    ...alarmFields(run),
    ...evaluationFields(run),
    ['Folder', run.folder],
    ['Checkpoints', run.checkpointPhases.map((phase) => `phase ${phase}`).join(', ') || 'none yet'],
    ['Weights', run.weightsSha256 ? `${run.weightsSha256} (SHA-256 at the newest checkpoint)` : 'not hashed yet'],
    ['Age', age(run.createdAtMs, nowMs)],
  ];
}

/** A line each, and what to do in another. */
function alarmFields({ alarms }: RunView): [string, string][] {
  if (alarms.length === 0) return [['Alarms', 'none']];
  return alarms.flatMap((alarm): [string, string][] => [
    ['Alarm', describeAlarm(alarm)],
    ['', alarm.advice],
  ]);
}

function evaluationFields({ evaluation, best }: RunView): [string, string][] {
  const fields: [string, string][] = [];
  if (evaluation) {
    const of = evaluation.of === 'ema' ? ' (moving average of G)' : '';
    fields.push(['Evaluation', `phase ${evaluation.phase}: ${describeMeasures(evaluation.measures)}${of}`]);
  }
  if (best) fields.push(['Best', describeBest(best)]);
  return fields;
}

/** `2`, or `2 to 4` where the run is elastic. */
function wanted({ workersNeeded, workersWanted }: RunView): string {
  return workersNeeded === workersWanted ? String(workersWanted) : `${workersNeeded} to ${workersWanted}`;
}

export function printRun(console: Console, format: Format, run: RunView): void {
  printOne(console, format, run, describeRun(run, Date.now()), run.runId);
}
