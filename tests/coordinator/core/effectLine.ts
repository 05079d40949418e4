/** An effect as one short line. */
import type { Effect } from '../../../services/coordinator/core/effect.ts';

export function lineOf(effect: Effect): string {
  switch (effect.type) {
    case 'openCollective':
      return `open ${effect.runId}#${effect.generation}`;
    case 'closeCollective':
      return `close ${effect.runId}`;
    case 'send':
      return `send ${effect.message.type} to ${effect.workerId}`;
    case 'publish':
      return `publish ${effect.event.kind === 'state' ? effect.event.state : effect.event.kind}`;
    case 'endSession':
      return `end ${effect.workerId}`;
    case 'keepSnapshot':
      return `keep snapshot of phase ${effect.phase}`;
    case 'keepEvidence':
      return `keep evidence of phase ${effect.phase}`;
    case 'countFault':
      return `count ${effect.fault}`;
    case 'evaluate':
      return `evaluate phase ${effect.turn.phase} of ${effect.turn.runId}`;
    case 'remark':
      return `remark: ${effect.why}`;
    case 'keepEvaluation':
      return `keep evaluation of phase ${effect.event.phase}`;
    case 'dropCheckpoints':
      return `drop checkpoints of ${effect.runId}`;
    case 'persist':
      return `persist ${effect.runId}`;
  }
}
