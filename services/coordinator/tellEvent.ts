/** What metrics and the log are told of an event. Watchers and NATS get the event itself. */
import type { Logger } from 'pino';
import type { ReportCounts } from '../control/messages.ts';
import type { RunEvent } from '../report/runEvent.ts';
import type { CoordinatorMetrics } from '../telemetry/metrics.ts';

export interface EventListeners {
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly metrics: Pick<CoordinatorMetrics, 'phaseReported' | 'membershipChanged' | 'alarmChanged' | 'evaluated'>;
}

export function tellEvent(event: RunEvent, counts: ReportCounts, { log, metrics }: EventListeners): void {
  const { runId: run, phase } = event;
  switch (event.kind) {
    case 'phase':
      return metrics.phaseReported(event, counts);
    case 'membership':
      return metrics.membershipChanged(run, event.generation);
    case 'state':
      return log.info({ run, state: event.state, phase }, event.why);
    case 'alarm': {
      const { name: alarm, active, message, advice } = event;
      metrics.alarmChanged(run, alarm, active);
      return active
        ? log.warn({ run, alarm, phase }, `${message} ${advice}`)
        : log.info({ run, alarm, phase }, `over: ${message}`);
    }
    case 'evaluation':
      metrics.evaluated(run, event.measures);
      return event.measures.length > 0 ? log.info({ run, phase }, event.why) : log.warn({ run, phase }, event.why);
    case 'snapshot':
      return;
  }
}
