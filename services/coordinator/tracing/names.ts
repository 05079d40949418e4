/** What the coordinator does, as the names of spans have it. */
import type { Effect } from '../core/effect.ts';
import type { CoordinatorEvent } from '../core/event.ts';

/** `phaseReport of one, phase 12` */
export function nameOfEvent(event: CoordinatorEvent): string {
  switch (event.type) {
    case 'workerSaid': {
      const { message, workerId } = event;
      return `${message.type} of ${workerId}${'phase' in message ? `, phase ${message.phase}` : ''}`;
    }
    case 'workerJoined':
      return `${event.type}: ${event.hello.workerId}`;
    case 'workerLeft':
      return `${event.type}: ${event.workerId}`;
    default:
      return event.type;
  }
}

/** Undefined where it is of no run, or of one that only the core knows. */
export function runOfEvent(event: CoordinatorEvent): string | undefined {
  if (event.type === 'workerSaid') return 'runId' in event.message ? event.message.runId : undefined;
  if (event.type === 'evaluationEnded') return event.turn.runId;
  return 'runId' in event ? event.runId : undefined;
}

/** `send halt to one` */
export function nameOfEffect(effect: Effect): string {
  switch (effect.type) {
    case 'send':
      return `send ${effect.message.type} to ${effect.workerId}`;
    case 'publish':
      return `publish ${effect.event.kind}`;
    default:
      return effect.type;
  }
}

export function runOfEffect(effect: Effect): string | undefined {
  switch (effect.type) {
    case 'send':
      return 'runId' in effect.message ? effect.message.runId : undefined;
    case 'publish':
    case 'keepEvaluation':
      return effect.event.runId;
    case 'evaluate':
      return effect.turn.runId;
    default:
      return 'runId' in effect ? effect.runId : undefined;
  }
}
