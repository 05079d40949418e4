/** An alarm in words. */
import type { Alarm } from '../report/alarms.ts';
import type { AlarmEvent } from '../report/runEvent.ts';

export function alarmSentence({ runId, active, ...alarm }: AlarmEvent): string {
  if (!active) return `${runId}: alarm ${alarm.name} is over: ${alarm.message}`;
  return `${runId}: alarm ${describeAlarm(alarm)}\n  What people do: ${alarm.advice}`;
}

export function describeAlarm({ name, phase, message }: Pick<Alarm, 'name' | 'phase' | 'message'>): string {
  return `${name}, after ${phase} phases: ${message}`;
}
