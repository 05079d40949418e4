/** A worker's life: registers, works, and dials again for as long as it lives. Knows no socket and no clock. */
import type { Logger } from 'pino';
import { FAILURE_DETECTION_MS, waitsOf, welcomeMs } from '../control/failureDetection.ts';
import type { FaultKind, WorkerMessage } from '../control/messages.ts';
import { describeError, type GanglionError } from '../errors/ganglionError.ts';
import type { Evaluator } from '../evaluate/childEvaluator.ts';
import type { PeerAddress } from '../mesh/address.ts';
import type { Readiness } from '../telemetry/httpServer.ts';
import type { SpanRecorder } from '../trace/recorder.ts';
import type { CoordinatorLink } from '../wire/coordinatorLink.ts';
import { PROTOCOL_VERSION } from '../wire/limits.ts';
import type { Compute } from './compute/protocol.ts';
import { Duty } from './duty.ts';
import { Measuring } from './measuring.ts';
import type { MeshOpener } from './meshPort.ts';
import { Session } from './session.ts';
import type { StatePorts } from './stateSource.ts';

/** Time and chance. */
export interface Clock {
  after(ms: number, then: () => void): () => void;
  every(ms: number, then: () => void): () => void;
  /** In [0, 1). */
  random(): number;
}

export interface LifePorts {
  readonly identity: { readonly workerId: string; readonly hostname: string; readonly pid: number };
  readonly peer: PeerAddress;
  readonly compute: Compute;
  readonly clock: Clock;
  readonly log: Logger;
  dial(): CoordinatorLink;
  /** `dialMs`: see `control/failureDetection.ts`. */
  openMesh(dialMs: number): MeshOpener;
  fetchState(dialMs: number): StatePorts['fetchState'];
  /** Is told, before each generation's work, of the workers in it: some may run on this machine. Never rejects. */
  placed?(peers: readonly PeerAddress[], rank: number): Promise<void>;
  readonly trace: SpanRecorder;
  /** Measures checkpoints; left out where it does not. */
  evaluator?(): Evaluator;
  /** Meets a fault on purpose; left out where that is not allowed. */
  fault?(kind: FaultKind, durationMs: number): void;
}

/** Between two dials: doubles from the first to the last, with jitter, so that workers do not come back in step. */
const BACKOFF_MS = { first: 200, last: 5_000 };

export class WorkerLife {
  readonly duty: Duty;
  readonly #ports: LifePorts;
  readonly #leaving = new AbortController();
  #session: Session | undefined;
  #link: CoordinatorLink | undefined;
  #severedMs = 0;
  /** As the last coordinator said that answered. */
  #failureDetectionMs = FAILURE_DETECTION_MS;

  constructor(ports: LifePorts) {
    this.#ports = ports;
    this.duty = new Duty(() => this.#membershipPorts());
  }

  /** Resolves after a drain; rejects with what the coordinator says where it does not want this worker. */
  async live(): Promise<void> {
    const { clock, log, dial, identity, peer, compute, trace, evaluator } = this.#ports;
    let backoffMs = BACKOFF_MS.first;
    let known = false;
    let unanswered = 0;
    while (!this.#leaving.signal.aborted) {
      const link = dial();
      this.#link = link;
      const { held } = this.duty;
      const hello = { protocolVersion: PROTOCOL_VERSION, ...identity, device: compute.device, peer };
      const send = (message: WorkerMessage) => this.#session?.send(message);
      const measuring = evaluator && new Measuring({ link, log, evaluator, send });
      const session = new Session({
        hello: { ...hello, held, evaluates: measuring !== undefined },
        link,
        duty: this.duty,
        trace,
        measuring,
        log,
        welcomeMs: welcomeMs(this.#failureDetectionMs, unanswered),
        after: clock.after,
        every: clock.every,
        fault: this.#ports.fault,
        drain: (why) => this.drain(why),
      });
      this.#session = session;
      try {
        const why = await session.ended;
        unanswered += 1;
        if (session.welcomed) {
          backoffMs = BACKOFF_MS.first;
          unanswered = 0;
          this.#failureDetectionMs = session.failureDetectionMs;
        }
        known ||= session.welcomed;
        // A worker that was let in once waits for its certificate to be renewed; a new one was started with a wrong one.
        if (why && !known && isDenial(why)) throw why;
        if (!this.#leaving.signal.aborted) {
          log.warn(`lost the coordinator: ${why ? describeError(why) : 'it ended the session.'}`);
        }
      } finally {
        await measuring?.end();
        await this.duty.suspend('The session with the coordinator ended.');
        // Nobody hears of what it was asked to record there.
        trace.forget();
        session.close();
        link.close();
      }
      await this.#pause(Math.max(this.#severedMs, backoffMs * (0.5 + clock.random())));
      this.#severedMs = 0;
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.last);
    }
  }

  /** For a probe: a worker without a coordinator, or on its way out, is healthy and not ready. */
  get readiness(): Readiness {
    if (this.#leaving.signal.aborted) return { ready: false, why: 'The worker leaves.' };
    if (this.#session?.isRegistered) return { ready: true, why: 'The worker is registered with the coordinator.' };
    return { ready: false, why: 'The worker is not registered with the coordinator: it dials.' };
  }

  /** Cuts itself off the coordinator, and dials again only after so long. */
  sever(ms: number): void {
    this.#severedMs = ms;
    this.#session?.close();
  }

  /** Leaves the run at a phase boundary, then the coordinator: `live` resolves. */
  drain(why: string): void {
    this.#leaving.abort();
    this.#session?.drain(why);
  }

  #membershipPorts() {
    const { compute, clock, identity, openMesh, fetchState, placed = async () => undefined, trace } = this.#ports;
    const session = this.#session;
    const link = this.#link;
    if (!session || !link) throw new Error('a membership before the first session');
    const waits = waitsOf(session.failureDetectionMs || this.#failureDetectionMs);
    return {
      workerId: identity.workerId,
      compute,
      link,
      send: (message: Parameters<Session['send']>[0]) => session.send(message),
      haltMs: waits.haltMs,
      after: clock.after,
      placed,
      trace,
      openMesh: openMesh(waits.dialMs),
      fetchState: fetchState(waits.dialMs),
    };
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#leaving;
    return new Promise((resolve) => {
      const done = () => {
        callOff();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const callOff = this.#ports.clock.after(ms, done);
      if (signal.aborted) done();
      else signal.addEventListener('abort', done);
    });
  }
}

function isDenial({ code }: GanglionError): boolean {
  return code === 'unauthenticated' || code === 'forbidden' || code === 'protocol-mismatch';
}
