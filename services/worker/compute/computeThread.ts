/** The main thread's handle on the compute thread: typed calls, answered in order. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { prepareBackendEnvironment } from '../../backend/select.ts';
import type { CompileListeners } from '../../compile/compiler.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { Device } from '../../report/runView.ts';
import type { SpanRecorder } from '../../trace/recorder.ts';
import type { Compute, ComputeCalls, ComputeReply, ComputeSetup, ComputeVerb } from './protocol.ts';

interface Waiting {
  /** For the trace; empty while nothing is recorded. */
  readonly what: string;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: GanglionError) => void;
}

type Ready = Extract<ComputeReply, { type: 'ready' }>;

export interface ComputeListeners extends Partial<CompileListeners> {
  readonly trace?: SpanRecorder;
}

export class ComputeThread implements Compute {
  readonly device: Device;
  /** Why better backends were not chosen, a sentence each. */
  readonly whyNot: readonly string[];
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners: ComputeListeners;
  #fallbacks = 0;
  #nextId = 0;

  /** Starts the thread and loads the backend. Throws `backend` where the required one is not there. */
  static async start(setup: ComputeSetup, listeners: ComputeListeners = {}): Promise<ComputeThread> {
    prepareBackendEnvironment(setup.intraOpThreads);
    const thread = new Worker(new URL(`./thread${extname(import.meta.url)}`, import.meta.url), {
      workerData: setup,
    });
    const first = await new Promise<ComputeReply>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', (code) => reject(new Error(`the compute thread ended with ${code} while it started`)));
    });
    if (first.type === 'ready') return new ComputeThread(thread, first, listeners);
    await thread.terminate();
    const { message, remedy } = first.type === 'unfit' ? first : { message: 'No backend answered.', remedy: '' };
    throw new GanglionError({ code: 'backend', message, remedy });
  }

  private constructor(thread: Worker, { device, whyNot }: Ready, listeners: ComputeListeners) {
    this.device = device;
    this.whyNot = whyNot;
    this.#listeners = listeners;
    this.#thread = thread;
    thread.removeAllListeners('exit');
    thread.on('message', (reply: ComputeReply) => this.#receive(reply));
    thread.on('error', (error) => this.#failAll(`The compute thread crashed: ${error.message}.`));
    thread.on('exit', (code) => this.#failAll(`The compute thread ended with ${code}.`));
  }

  call<Verb extends ComputeVerb>(
    verb: Verb,
    request: ComputeCalls[Verb]['request'],
  ): Promise<ComputeCalls[Verb]['answer']> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const what = this.#listeners.trace?.isOn ? describe(verb, request) : '';
      this.#waiting.set(id, { what, resolve, reject });
      this.#thread.postMessage({ id, verb, request });
    });
  }

  takeFallbacks(): number {
    const count = this.#fallbacks;
    this.#fallbacks = 0;
    return count;
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #receive(reply: ComputeReply): void {
    if (reply.type === 'fellBack') {
      this.#fallbacks += 1;
      this.#listeners.fellBack?.(reply.computation, reply.why);
    }
    if (reply.type === 'byXla') this.#listeners.byXla?.(reply.computation);
    if (reply.type !== 'answer' && reply.type !== 'error') return;
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.type === 'answer' && waiting?.what) {
      this.#listeners.trace?.span('compute', waiting.what, reply.beginMs, reply.endMs);
    }
    if (reply.type === 'answer') waiting?.resolve(reply.answer as never);
    else waiting?.reject(new GanglionError({ code: 'backend', message: reply.message, remedy: reply.remedy }));
  }

  #failAll(message: string): void {
    for (const { reject } of this.#waiting.values()) {
      reject(new GanglionError({ code: 'backend', message, remedy: 'Start the worker again.' }));
    }
    this.#waiting.clear();
  }
}

/** `gradient of discriminator, shard 0, phase 12` */
function describe(verb: ComputeVerb, request: object): string {
  const { network, shard, plan } = request as Partial<ComputeCalls['gradient']['request']>;
  const of = network === undefined ? '' : ` of ${network}`;
  const at = shard === undefined ? '' : `, shard ${shard}`;
  return `${verb}${of}${at}${plan === undefined ? '' : `, phase ${plan.phase}`}`;
}
