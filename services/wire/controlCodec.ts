/** Control messages between their wire form and plain values. */
import { type CoordinatorMessage, FAULT_KINDS, type WorkerMessage } from '../control/messages.ts';
import { must } from '../errors/invariant.ts';
import type {
  CoordinatorMessage__Output,
  CoordinatorMessage as WireCoordinatorMessage,
} from './generated/ganglion/v1/CoordinatorMessage.ts';
import type {
  WorkerMessage as WireWorkerMessage,
  WorkerMessage__Output,
} from './generated/ganglion/v1/WorkerMessage.ts';
import { deviceFromWire, measuresFromWire, measureToWire, statisticsFromWire, statisticsToWire } from './runCodec.ts';

export function workerMessageToWire(message: WorkerMessage): WireWorkerMessage {
  switch (message.type) {
    case 'phaseReport': {
      const { statistics, ...rest } = message;
      return { phaseReport: statistics ? { ...rest, statistics: statisticsToWire(statistics) } : rest };
    }
    case 'snapshot':
      return { snapshot: { ...message, pixels: Buffer.from(message.pixels) } };
    case 'traceSpans':
      return { traceSpans: { ...message, spans: [...message.spans] } };
    case 'evaluationAnswer': {
      const { evaluationId, outcome } = message;
      if (outcome.type === 'failed') return { evaluationAnswer: { evaluationId, why: outcome.why } };
      const { of, measures, weightsSha256 } = outcome;
      return { evaluationAnswer: { evaluationId, of, measures: measures.map(measureToWire), weightsSha256 } };
    }
    default:
      return { [message.type]: message };
  }
}

/** Undefined for a message of a kind that this version does not know. */
export function workerMessageFromWire(wire: WorkerMessage__Output): WorkerMessage | undefined {
  switch (wire.message) {
    case 'hello': {
      const hello = must(wire.hello, 'hello');
      const { held } = hello;
      const peer = must(hello.peer, 'peer address');
      return { type: 'hello', ...hello, device: deviceFromWire(hello.device), peer, held: held ?? undefined };
    }
    case 'heartbeat':
      return { type: 'heartbeat', ...must(wire.heartbeat, 'heartbeat') };
    case 'ready':
      return { type: 'ready', ...must(wire.ready, 'ready') };
    case 'held':
      return { type: 'held', ...must(wire.held, 'held') };
    case 'phaseReport': {
      const report = must(wire.phaseReport, 'phase report');
      const statistics = report.statistics ? statisticsFromWire(report.statistics) : undefined;
      return { type: 'phaseReport', ...report, statistics, timings: must(report.timings, 'timings') };
    }
    case 'snapshot':
      return { type: 'snapshot', ...must(wire.snapshot, 'snapshot') };
    case 'failure':
      return { type: 'failure', ...must(wire.failure, 'failure') };
    case 'draining':
      return { type: 'draining', ...must(wire.draining, 'draining') };
    case 'roadBlocked':
      return { type: 'roadBlocked', ...must(wire.roadBlocked, 'road blocked') };
    case 'nonFinite':
      return { type: 'nonFinite', ...must(wire.nonFinite, 'non-finite') };
    case 'traceAnswer':
      return { type: 'traceAnswer', ...must(wire.traceAnswer, 'trace answer') };
    case 'traceSpans':
      return { type: 'traceSpans', ...must(wire.traceSpans, 'trace spans') };
    case 'evaluationAnswer': {
      const { evaluationId, weightsSha256, why, ...found } = must(wire.evaluationAnswer, 'evaluation answer');
      if (why !== '') return { type: 'evaluationAnswer', evaluationId, outcome: { type: 'failed', why } };
      const outcome = { type: 'measured' as const, weightsSha256, ...measuresFromWire(found) };
      return { type: 'evaluationAnswer', evaluationId, outcome };
    }
    case undefined:
      return undefined;
  }
}

export function coordinatorMessageToWire(message: CoordinatorMessage): WireCoordinatorMessage {
  if (message.type === 'evaluationOrder') return { evaluationOrder: { ...message, metrics: [...message.metrics] } };
  return { [message.type]: message };
}

/** Undefined for a message of a kind that this version does not know. */
export function coordinatorMessageFromWire(wire: CoordinatorMessage__Output): CoordinatorMessage | undefined {
  switch (wire.message) {
    case 'welcome':
      return { type: 'welcome', ...must(wire.welcome, 'welcome') };
    case 'refused':
      return { type: 'refused', ...must(wire.refused, 'refused') };
    case 'assignment': {
      const { road, sourceRank, _sourceRank: _, ...assignment } = must(wire.assignment, 'assignment');
      return { type: 'assignment', ...assignment, road: road === 'star' ? 'star' : 'direct', sourceRank };
    }
    case 'drain':
      return { type: 'drain', ...must(wire.drain, 'drain') };
    case 'traceOrder':
      return { type: 'traceOrder', ...must(wire.traceOrder, 'trace order') };
    case 'evaluationOrder':
      return { type: 'evaluationOrder', ...must(wire.evaluationOrder, 'evaluation order') };
    case 'evaluationOver':
      return { type: 'evaluationOver', ...must(wire.evaluationOver, 'end of an evaluation') };
    case 'fault': {
      const { kind: name, durationMs } = must(wire.fault, 'fault');
      const kind = FAULT_KINDS.find((one) => one === name);
      return kind && { type: 'fault', kind, durationMs };
    }
    case 'begin':
      return { type: 'begin', ...must(wire.begin, 'begin') };
    case 'halt':
      return { type: 'halt', ...must(wire.halt, 'halt') };
    case 'collectState':
      return { type: 'collectState', ...must(wire.collectState, 'collect state') };
    case 'release':
      return { type: 'release', ...must(wire.release, 'release') };
    case undefined:
      return undefined;
  }
}
