/** One control stream: hello, heartbeats, and the coordinator's orders, carried out one after the other. */
import type { Logger } from 'pino';
import type { CoordinatorMessage, FaultKind, Hello, WorkerMessage } from '../control/messages.ts';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import type { SpanRecorder } from '../trace/recorder.ts';
import type { ControlStream, CoordinatorLink } from '../wire/coordinatorLink.ts';
import { unreachable } from '../wire/unreachable.ts';
import type { Duty } from './duty.ts';
import type { Measuring } from './measuring.ts';

export interface SessionPorts {
  readonly hello: Hello;
  readonly link: Pick<CoordinatorLink, 'address' | 'openControl'>;
  readonly duty: Duty;
  readonly trace: SpanRecorder;
  /** Undefined where it is never asked to. */
  readonly measuring: Measuring | undefined;
  readonly log: Logger;
  /** How long a welcome may take; whoever does not get one dials anew. */
  readonly welcomeMs: number;
  /** Calls back once; the returned function calls it off. */
  after(ms: number, then: () => void): () => void;
  /** Calls back again and again; the returned function calls it off. */
  every(ms: number, then: () => void): () => void;
  /** Leaves as on SIGTERM. */
  drain(why: string): void;
  /** Undefined where faults on purpose are not allowed. */
  readonly fault: ((kind: FaultKind, durationMs: number) => void) | undefined;
}

export class Session {
  /** Resolves when the stream ends; rejects with `refused` where the coordinator does not want this worker. */
  readonly ended: Promise<GanglionError | undefined>;
  readonly #ports: SessionPorts;
  readonly #control: ControlStream;
  readonly #stopWaiting: () => void;
  #stopBeating: () => void = () => undefined;
  #draining = false;
  #welcomed = false;
  #ended = false;
  #failureDetectionMs = 0;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    let settle: { resolve(why: GanglionError | undefined): void; reject(why: GanglionError): void };
    this.ended = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    const end = (why: GanglionError | undefined) => {
      this.#stopWaiting();
      this.#stopBeating();
      this.#ended = true;
      settle.resolve(why);
    };
    const { link, welcomeMs } = ports;
    this.#stopWaiting = ports.after(welcomeMs, () => {
      end(unreachable(link.address, `no welcome within ${(welcomeMs / 1000).toFixed(1)} s`));
    });
    this.#control = link.openControl({
      message: (message) => {
        if (this.#ended) return;
        this.#stopWaiting();
        if (message.type === 'refused') {
          settle.reject(new GanglionError({ code: 'refused', message: message.message, remedy: message.remedy }));
        } else {
          this.#obey(message);
        }
      },
      end,
    });
    this.#control.send({ type: 'hello', ...ports.hello });
  }

  /** Whether the coordinator ever answered: a worker that was welcomed dials again at once. */
  get welcomed(): boolean {
    return this.#welcomed;
  }

  /** Whether the coordinator counts on this worker now. */
  get isRegistered(): boolean {
    return this.#welcomed && !this.#ended;
  }

  /** As the coordinator says; 0 before it has. */
  get failureDetectionMs(): number {
    return this.#failureDetectionMs;
  }

  send(message: WorkerMessage): void {
    this.#control.send(message);
  }

  /** Leaves at the next phase boundary: the coordinator answers with a release. */
  drain(why: string): void {
    this.#draining = true;
    this.#control.send({ type: 'draining', why });
    this.#stopMeasuring();
    if (!this.#ports.duty.isAssigned) this.#control.end();
  }

  close(): void {
    this.#stopBeating();
    this.#control.end();
  }

  #obey(message: CoordinatorMessage): void {
    const { log, duty, hello, link } = this.#ports;
    switch (message.type) {
      case 'welcome':
        this.#welcomed = true;
        this.#failureDetectionMs = message.failureDetectionMs;
        log.info({ workerId: hello.workerId, coordinator: link.address }, 'registered with the coordinator');
        this.#stopBeating = this.#ports.every(message.heartbeatIntervalMs, () => this.#beat());
        return;
      case 'assignment': {
        const { runId, generation, phase, rank, road } = message;
        log.info({ runId, generation, phase, rank, road }, 'joins a generation');
        // Training waits for no measure; a hot spare goes on with it.
        if (message.members[rank]?.shards.length !== 0) this.#stopMeasuring();
        return this.#do(duty.assign(message));
      }
      case 'begin':
        return this.#do(duty.begin(message.runId, message.generation));
      case 'halt': {
        const { runId, generation, why, graceful } = message;
        log.info({ runId, generation, why, graceful }, 'stops at a phase boundary');
        return this.#do(duty.halt(runId, generation, why, graceful));
      }
      case 'collectState':
        return this.#do(duty.collect(message.runId));
      case 'release':
        log.info({ runId: message.runId, why: message.why }, 'is released');
        return this.#do(
          duty.release(message.runId, message.why).then(() => {
            if (this.#draining) this.#control.end();
          }),
        );
      case 'drain':
        log.info(message.why);
        return this.#ports.drain(message.why);
      case 'traceOrder':
        return this.#record(message);
      case 'evaluationOrder':
        return this.#ports.measuring?.begin(message);
      case 'evaluationOver':
        return this.#stopMeasuring(message.evaluationId);
      case 'fault':
        log.warn({ kind: message.kind, obeyed: this.#ports.fault !== undefined }, 'was told to meet a fault');
        return this.#ports.fault?.(message.kind, message.durationMs);
      case 'refused':
        return;
    }
  }

  /** Answered at once: the coordinator reads the clock from it. */
  #record(order: Extract<CoordinatorMessage, { type: 'traceOrder' }>): void {
    const { trace } = this.#ports;
    if (order.over) return trace.forget();
    const receivedAtMs = trace.nowMs();
    const nextPhase = trace.order(order, (batch) => this.#control.send({ type: 'traceSpans', ...batch }));
    const { traceId, sentAtMs } = order;
    const answeredAtMs = trace.nowMs();
    this.#control.send({ type: 'traceAnswer', traceId, sentAtMs, receivedAtMs, answeredAtMs, nextPhase });
  }

  #stopMeasuring(evaluationId?: number): void {
    void this.#ports.measuring?.end(evaluationId);
  }

  #beat(): void {
    const idle = { runId: '', generation: 0, phase: 0, activity: 'idle' };
    this.#control.send({ type: 'heartbeat', ...(this.#ports.duty.position ?? idle) });
  }

  /** A bug of ours: the session ends, so that the coordinator gives the work to somebody else. */
  #do(order: Promise<void>): void {
    order.catch((error) => {
      this.#ports.log.error({ err: error }, `the session ends: ${describeError(error)}`);
      this.#control.end();
    });
  }
}
