/**
 * Measures checkpoints for the coordinator while this worker computes no gradient, one at a time, in a process of the lowest
 * priority. Whatever ends that before its time ends it at once, and nothing is answered.
 */
import type { Logger } from 'pino';
import type { EvaluationOrder, WorkerMessage } from '../control/messages.ts';
import { describeError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { Evaluator } from '../evaluate/childEvaluator.ts';
import type { EvaluationOutcome } from '../report/evaluation.ts';
import type { CoordinatorLink } from '../wire/coordinatorLink.ts';
import { borrowRun } from './borrowedRun.ts';
import { downloadState } from './stateSource.ts';

export interface MeasuringPorts {
  readonly link: Pick<CoordinatorLink, 'downloadState'>;
  readonly log: Logger;
  /** A new one for each order. */
  evaluator(): Evaluator;
  send(message: WorkerMessage): void;
}

interface Work {
  readonly evaluationId: number;
  readonly stop: AbortController;
  readonly evaluator: Evaluator;
  readonly ended: Promise<void>;
}

export class Measuring {
  readonly #ports: MeasuringPorts;
  #work: Work | undefined;

  constructor(ports: MeasuringPorts) {
    this.#ports = ports;
  }

  begin(order: EvaluationOrder): void {
    const former = this.end();
    const stop = new AbortController();
    const evaluator = this.#ports.evaluator();
    const ended = former.then(() => this.#answer(order, evaluator, stop.signal));
    this.#work = { evaluationId: order.evaluationId, stop, evaluator, ended };
  }

  /** Kills what measures, before this returns. @param evaluationId only where it is this one. */
  async end(evaluationId?: number): Promise<void> {
    const work = this.#work;
    if (!work || (evaluationId !== undefined && work.evaluationId !== evaluationId)) return;
    work.stop.abort();
    await work.evaluator.close();
    await work.ended;
  }

  async #answer(order: EvaluationOrder, evaluator: Evaluator, signal: AbortSignal): Promise<void> {
    const { evaluationId, runId, phase, metrics } = order;
    const { log, send } = this.#ports;
    log.info({ runId, phase, metrics }, 'measures a checkpoint');
    const outcome = await this.#measure(order, evaluator, signal).catch((error: unknown): EvaluationOutcome => {
      return { type: 'failed', why: describeError(error) };
    });
    if (signal.aborted || !outcome) return;
    if (outcome.type === 'failed')
      log.warn({ runId, phase, metrics }, `did not measure the checkpoint: ${outcome.why}`);
    send({ type: 'evaluationAnswer', evaluationId, outcome });
  }

  async #measure(
    order: EvaluationOrder,
    evaluator: Evaluator,
    signal: AbortSignal,
  ): Promise<EvaluationOutcome | undefined> {
    const { runId, evaluationId, phase, metrics, dataSha256 } = order;
    const of = { runId, generation: 0, evaluationId };
    // No name holds the state while the process measures: it may be a gigabyte.
    const run = await borrowRun(order, await downloadState(this.#ports.link, of, phase, signal));
    try {
      const { samples, seed } = must(run.config.evaluation, 'evaluation of the config');
      return await evaluator.evaluate(run.folder, phase, { metrics, samples, seed, dataSha256 });
    } finally {
      await run.giveBack();
    }
  }
}
