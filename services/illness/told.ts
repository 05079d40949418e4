/**
 * What a run's history tells of its illness: after a restart of the coordinator an alarm that was raised is raised, and is not
 * told twice. How many findings on end there were is forgotten: what is sick goes on being found.
 */
import type { RunConfig } from '../config/runConfig.ts';
import type { AlarmEvent } from '../report/runEvent.ts';
import { type IllnessState, recall, withChanges } from './watch.ts';

export interface Told {
  /** In their order. */
  readonly alarms: readonly AlarmEvent[];
  /** The highest phase with a report, counted from 0, and of a snapshot; -1 before the first. */
  readonly reportedPhase: number;
  readonly snapshotPhase: number;
}

export function toldIllness(config: RunConfig, { alarms, reportedPhase, snapshotPhase }: Told): IllnessState {
  // After a power cut alarms may be on disk without the reports that led to them.
  const newest = Math.max(0, ...alarms.map(({ phase }) => phase));
  const broken = Math.max(0, ...alarms.flatMap(({ name, phase }) => (name === 'nonFinite' ? [phase] : [])));
  const judged = {
    report: Math.max(newest, reportedPhase + 1),
    pictures: Math.max(newest, snapshotPhase),
    nonFinite: broken,
  };
  const changes = alarms.map(({ name, active, phase, value, threshold, message, advice }) => {
    return { name, active, phase, value, threshold, message, advice };
  });
  return recall(config, withChanges([], changes), judged);
}
