/** Control messages as the bytes that gRPC carries: for whoever measures the control plane without a network. */
import type { CoordinatorMessage, WorkerMessage } from '../control/messages.ts';
import { must } from '../errors/invariant.ts';
import { coordinatorMessageToWire, workerMessageFromWire, workerMessageToWire } from './controlCodec.ts';
import { ganglionV1 } from './definition.ts';

const control = ganglionV1.WorkerService.service.Control;

export function workerMessageBytes(message: WorkerMessage): Buffer {
  return control.requestSerialize(workerMessageToWire(message));
}

export function workerMessageOf(bytes: Buffer): WorkerMessage {
  return must(workerMessageFromWire(control.requestDeserialize(bytes)), 'message of this version');
}

export function coordinatorMessageBytes(message: CoordinatorMessage): Buffer {
  return control.responseSerialize(coordinatorMessageToWire(message));
}
