/**
 * The part of MLflow's REST interface that a run needs. https://mlflow.org/docs/latest/rest-api.html
 */
import { z } from 'zod';
import { GanglionError } from '../errors/ganglionError.ts';

const REQUEST_MS = 5_000;
const EXPERIMENT = 'ganglion';

export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

export interface Named {
  readonly key: string;
  readonly value: string;
}

export type Status = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

const runSchema = z.object({
  info: z.object({ run_id: z.string() }),
  data: z.object({ metrics: z.array(z.object({ key: z.string(), step: z.coerce.number() })).default([]) }).prefault({}),
});
/** A run as the server has it: its id, and the newest step of each metric. */
export type MlflowRun = z.output<typeof runSchema>;

export class MlflowClient {
  readonly #uri: string;

  /** @param uri `http://HOST:PORT` */
  constructor(uri: string) {
    this.#uri = uri.replace(/\/+$/, '');
  }

  /** The experiment's id; it is made where it is not there. */
  async experiment(): Promise<string> {
    const known = z.object({ experiment: z.object({ experiment_id: z.string() }) });
    const query = `experiments/get-by-name?experiment_name=${EXPERIMENT}`;
    const found = await this.#call('GET', query).catch((error: unknown) => {
      if (error instanceof GanglionError && error.code === 'not-found') return undefined;
      throw error;
    });
    if (found !== undefined) return known.parse(found).experiment.experiment_id;
    const made = await this.#call('POST', 'experiments/create', { name: EXPERIMENT });
    return z.object({ experiment_id: z.string() }).parse(made).experiment_id;
  }

  /** The run that has this tag; undefined where there is none. */
  async findRun(experiment: string, tag: Named): Promise<MlflowRun | undefined> {
    const filter = `tags.\`${tag.key}\` = '${tag.value}'`;
    const found = await this.#call('POST', 'runs/search', { experiment_ids: [experiment], filter, max_results: 1 });
    return z.object({ runs: z.array(runSchema).default([]) }).parse(found).runs[0];
  }

  async createRun(experiment: string, name: string, tags: readonly Named[]): Promise<MlflowRun> {
    const start = { experiment_id: experiment, run_name: name, start_time: Date.now(), tags };
    return z.object({ run: runSchema }).parse(await this.#call('POST', 'runs/create', start)).run;
  }

  /** At most 1,000 metrics, or 100 parameters, as the server takes them. */
  async log(
    runId: string,
    batch: { readonly metrics?: readonly Metric[]; readonly params?: readonly Named[] },
  ): Promise<void> {
    await this.#call('POST', 'runs/log-batch', { run_id: runId, ...batch });
  }

  async setStatus(runId: string, status: Status): Promise<void> {
    const end = status === 'RUNNING' ? {} : { end_time: Date.now() };
    await this.#call('POST', 'runs/update', { run_id: runId, status, ...end });
  }

  /** Throws `unreachable` where the server is away or not well; `not-found` and `invalid-argument` where it says so. */
  async #call(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const url = `${this.#uri}/api/2.0/mlflow/${path}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method,
        signal: AbortSignal.timeout(REQUEST_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      text = await response.text();
    } catch (cause) {
      throw failure('unreachable', `MLflow at ${this.#uri} does not answer`, cause);
    }
    if (response.ok) return JSON.parse(text);
    const said = `MLflow at ${this.#uri} answers ${path.split('?')[0]} with ${response.status}: ${text.slice(0, 300)}`;
    if (response.status === 404) throw failure('not-found', said);
    throw failure(response.status >= 500 || response.status === 429 ? 'unreachable' : 'invalid-argument', said);
  }
}

function failure(
  code: 'unreachable' | 'not-found' | 'invalid-argument',
  message: string,
  cause?: unknown,
): GanglionError {
  const remedy = 'Check `coordinator --mlflow`, and that `mlflow server` runs there.';
  return new GanglionError({ code, message: `${message}.`, remedy, cause });
}
