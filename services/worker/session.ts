/** One control stream: hello, heartbeats, and the coordinator's orders, carried out one after the other. */
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { CoordinatorMessage } from '../control/messages.ts';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import type { ControlStream, CoordinatorLink } from '../wire/coordinatorLink.ts';
import { PROTOCOL_VERSION } from '../wire/limits.ts';
import type { ComputeThread } from './compute/computeThread.ts';
import { Membership } from './membership.ts';

export interface SessionPorts {
  readonly workerId: string;
  readonly link: CoordinatorLink;
  readonly compute: ComputeThread;
  readonly log: Logger;
}

export class Session {
  /** Resolves when the stream ends; rejects with `refused` where the coordinator does not want this worker. */
  readonly ended: Promise<GanglionError | undefined>;
  readonly #ports: SessionPorts;
  readonly #control: ControlStream;
  #membership: Membership | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #draining = false;
  #welcomed = false;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    let settle: { resolve(why: GanglionError | undefined): void; reject(why: GanglionError): void };
    this.ended = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.#control = ports.link.openControl({
      message: (message) => {
        if (message.type === 'refused') {
          settle.reject(new GanglionError({ code: 'refused', message: message.message, remedy: message.remedy }));
        } else {
          this.#obey(message);
        }
      },
      end: (why) => {
        clearInterval(this.#heartbeat);
        settle.resolve(why);
      },
    });
    const { compute, workerId } = ports;
    this.#control.send({
      type: 'hello',
      protocolVersion: PROTOCOL_VERSION,
      workerId,
      hostname: hostname(),
      pid: process.pid,
      device: compute.device,
    });
  }

  /** Whether the coordinator ever answered: a worker that was welcomed dials again at once. */
  get welcomed(): boolean {
    return this.#welcomed;
  }

  /** Leaves at the next phase boundary: the coordinator answers with a release. */
  drain(why: string): void {
    this.#draining = true;
    this.#control.send({ type: 'draining', why });
    if (!this.#membership) this.#control.end();
  }

  /** Stops training and forgets the run; used when the stream is gone. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.#membership?.leave('The session ended.');
    this.#control.end();
  }

  #obey(message: CoordinatorMessage): void {
    const { log, workerId } = this.#ports;
    switch (message.type) {
      case 'welcome':
        this.#welcomed = true;
        log.info({ workerId, coordinator: this.#ports.link.address }, 'registered with the coordinator');
        this.#heartbeat = setInterval(() => this.#beat(), message.heartbeatIntervalMs);
        return;
      case 'assignment': {
        const { runId, generation, phase, rank } = message;
        log.info({ runId, generation, phase, rank }, 'joins a generation');
        this.#member(runId)
          .join(message)
          .catch((error) => this.#crash(error));
        return;
      }
      case 'halt':
        log.info(
          { runId: message.runId, generation: message.generation, why: message.why },
          'stops at the phase boundary',
        );
        this.#member(message.runId)
          .halt(message.generation, message.why)
          .catch((error) => this.#crash(error));
        return;
      case 'collectState':
        this.#member(message.runId)
          .collect()
          .catch((error) => this.#crash(error));
        return;
      case 'release': {
        log.info({ runId: message.runId, why: message.why }, 'is released');
        const left = this.#membership?.leave(message.why) ?? Promise.resolve();
        this.#membership = undefined;
        left.then(
          () => {
            if (this.#draining) this.#control.end();
          },
          (error) => this.#crash(error),
        );
        return;
      }
      case 'refused':
        return;
    }
  }

  #member(runId: string): Membership {
    if (this.#membership?.runId !== runId) {
      this.#membership = new Membership(runId, { ...this.#ports, send: (message) => this.#control.send(message) });
    }
    return this.#membership;
  }

  #beat(): void {
    const idle = { runId: '', generation: 0, phase: 0, activity: 'idle' };
    this.#control.send({ type: 'heartbeat', ...(this.#membership?.position ?? idle) });
  }

  /** A bug of ours: the session ends, so that the coordinator gives the work to somebody else. */
  #crash(error: unknown): void {
    this.#ports.log.error({ err: error }, `the session ends: ${describeError(error)}`);
    this.#control.end();
  }
}
