/** The workers' control streams: hello first, then messages to the core. A worker's id has one session at a time. */

import { waitsOf } from '../control/failureDetection.ts';
import type { CoordinatorMessage, Hello, TraceMessage, WorkerMessage } from '../control/messages.ts';
import type { Session, SessionListener } from '../wire/handlers.ts';
import { PROTOCOL_VERSION } from '../wire/limits.ts';
import type { CoordinatorEvent } from './core/event.ts';

export interface SessionsPorts {
  readonly coordinatorId: string;
  readonly failureDetectionMs: number;
  dispatch(event: CoordinatorEvent): void;
  /** Is told what nothing is decided from. */
  traced(workerId: string, message: TraceMessage): void;
}

export class Sessions {
  readonly #ports: SessionsPorts;
  readonly #byWorker = new Map<string, Session>();

  constructor(ports: SessionsPorts) {
    this.#ports = ports;
  }

  open(session: Session): SessionListener {
    let workerId: string | undefined;
    return {
      message: (message) => {
        if (workerId !== undefined) {
          if (this.#byWorker.get(workerId) === session) this.#said(workerId, message);
        } else if (this.#admit(session, message)) {
          workerId = message.type === 'hello' ? message.workerId : undefined;
        }
      },
      closed: () => {
        if (workerId === undefined || this.#byWorker.get(workerId) !== session) return;
        this.#byWorker.delete(workerId);
        this.#ports.dispatch({
          type: 'workerLeft',
          workerId,
          why: `Worker ${workerId} was lost: its connection ended.`,
        });
      },
    };
  }

  send(workerId: string, message: CoordinatorMessage): void {
    this.#byWorker.get(workerId)?.send(message);
  }

  /** Ends a worker's session without telling the core, which knows. */
  end(workerId: string): void {
    const session = this.#byWorker.get(workerId);
    this.#byWorker.delete(workerId);
    session?.end();
  }

  #said(workerId: string, message: WorkerMessage): void {
    if (message.type === 'traceAnswer' || message.type === 'traceSpans') this.#ports.traced(workerId, message);
    else this.#ports.dispatch({ type: 'workerSaid', workerId, message });
  }

  #admit(session: Session, message: WorkerMessage): boolean {
    const refuse = (found: string, remedy: string) => {
      session.send({ type: 'refused', message: found, remedy });
      session.end();
      return false;
    };
    if (message.type !== 'hello') {
      return refuse(`The first message was '${message.type}', not 'hello'.`, 'Use a worker of this Ganglion version.');
    }
    if (message.protocolVersion !== PROTOCOL_VERSION) {
      return refuse(
        `The worker speaks protocol version ${message.protocolVersion}; this coordinator speaks ${PROTOCOL_VERSION}.`,
        'Run worker and coordinator of the same Ganglion version.',
      );
    }
    if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(message.workerId)) {
      return refuse(
        `The worker id '${message.workerId.slice(0, 80)}' is not one.`,
        'Choose letters, digits, dots, hyphens and underscores, at most 63, with --id.',
      );
    }
    const { coordinatorId, failureDetectionMs } = this.#ports;
    const heartbeatIntervalMs = waitsOf(failureDetectionMs).heartbeatMs;
    this.#replace(message);
    this.#byWorker.set(message.workerId, session);
    session.send({ type: 'welcome', coordinatorId, heartbeatIntervalMs, failureDetectionMs });
    this.#ports.dispatch({ type: 'workerJoined', hello: message });
    return true;
  }

  /** The newest session with an id is the worker. Another process that had it is told, so that the two do not take turns. */
  #replace({ workerId, hostname, pid }: Hello): void {
    this.#byWorker.get(workerId)?.send({
      type: 'refused',
      message: `Another worker (process ${pid} on ${hostname}) has registered as '${workerId}'.`,
      remedy: 'Give each worker an id of its own with --id.',
    });
    this.end(workerId);
  }
}
