/**
 * MLflow servers that a test starts and stops: a strict stand-in for the part of the REST interface that we use, and the real
 * one, whose install takes longer than all other tools together: GANGLION_TEST_MLFLOW names a Python that has it.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RunningServer {
  readonly uri: string;
  stop(): Promise<void>;
}

/** Starts on a port with what an earlier server left in the folder. */
export type StartServer = (folder: string, port: number) => Promise<RunningServer>;

const PYTHON = process.env.GANGLION_TEST_MLFLOW;

export const SERVERS: readonly (readonly [name: string, start: StartServer])[] = [
  ['a stand-in', startStandIn],
  ...(PYTHON === undefined ? [] : [['the real mlflow server', startReal] as const]),
];

async function startReal(folder: string, port: number): Promise<RunningServer> {
  const store = `sqlite:///${join(folder, 'mlflow.db')}`;
  const args = [
    '-m',
    'mlflow',
    'server',
    '--host',
    '127.0.0.1',
    '--port',
    `${port}`,
    '--workers',
    '1',
    '--backend-store-uri',
    store,
  ];
  const env = { ...process.env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' };
  // A group of its own: the server has workers, which must end with it.
  const child = spawn(PYTHON as string, args, { cwd: folder, env, stdio: 'ignore', detached: true });
  const uri = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await isWell(uri)); tries += 1) {
    if (tries === 600 || child.exitCode !== null)
      throw new Error(`the MLflow server does not start: ${child.exitCode}`);
    await sleep(500);
  }
  return {
    uri,
    stop: async () => {
      process.kill(-(child.pid as number), 'SIGKILL');
      while (await isWell(uri)) await sleep(50);
    },
  };
}

async function isWell(uri: string): Promise<boolean> {
  return fetch(`${uri}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

interface StoredRun {
  readonly info: { readonly run_id: string; readonly experiment_id: string; readonly run_name: string; status: string };
  readonly data: {
    readonly metrics: object[];
    readonly params: { key: string; value: string }[];
    readonly tags: { key: string; value: string }[];
  };
  readonly history: { key: string; value: number; timestamp: number; step: number }[];
}

/** By folder: what a server would have in its database. */
const STORES = new Map<string, { experiments: string[]; runs: StoredRun[] }>();

async function startStandIn(folder: string, port: number): Promise<RunningServer> {
  const store = STORES.get(folder) ?? { experiments: [], runs: [] };
  STORES.set(folder, store);
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://here');
    let text = '';
    for await (const chunk of request) text += chunk;
    const answer = answerOf(store, pathname.replace('/api/2.0/mlflow/', ''), {
      ...Object.fromEntries(searchParams),
      ...JSON.parse(text || '{}'),
    });
    response
      .writeHead(answer === undefined ? 404 : 'error_code' in answer ? 400 : 200)
      .end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    uri: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a client sends.
function answerOf(store: { experiments: string[]; runs: StoredRun[] }, path: string, body: any): object | undefined {
  const run = store.runs.find(({ info }) => info.run_id === body.run_id);
  switch (path) {
    case 'experiments/get-by-name': {
      const id = store.experiments.indexOf(body.experiment_name);
      return id < 0 ? undefined : { experiment: { experiment_id: String(id) } };
    }
    case 'experiments/create':
      return { experiment_id: String(store.experiments.push(body.name) - 1) };
    case 'runs/search': {
      const [, key, value] = /^tags\.`(.+)` = '(.+)'$/.exec(body.filter ?? '') ?? [];
      const hasTag = ({ data }: StoredRun) => data.tags.some((tag) => tag.key === key && tag.value === value);
      const runs = body.filter === undefined ? store.runs : store.runs.filter(hasTag);
      return { runs: runs.map(seen) };
    }
    case 'runs/create': {
      const info = {
        run_id: `id-${store.runs.length}`,
        experiment_id: body.experiment_id,
        run_name: body.run_name,
        status: 'RUNNING',
      };
      const made: StoredRun = { info, data: { metrics: [], params: [], tags: body.tags }, history: [] };
      store.runs.push(made);
      return { run: seen(made) };
    }
    case 'runs/get':
      return run && { run: seen(run) };
    case 'runs/log-batch': {
      const { metrics = [], params = [] } = body;
      if (metrics.length > 1000 || params.length > 100)
        return { error_code: 'INVALID_PARAMETER_VALUE', message: 'too many' };
      const wrong = [...metrics, ...params].find(({ key }) => !/^[\w\-. /]{1,250}$/.test(key));
      if (wrong !== undefined) return { error_code: 'INVALID_PARAMETER_VALUE', message: `key ${wrong.key}` };
      run?.history.push(...metrics);
      for (const param of params) {
        const known = run?.data.params.find(({ key }) => key === param.key);
        if (known && known.value !== param.value)
          return { error_code: 'INVALID_PARAMETER_VALUE', message: `${param.key} changes` };
        if (!known) run?.data.params.push(param);
      }
      return run && {};
    }
    case 'runs/update':
      if (run) run.info.status = body.status;
      return run && { run_info: run.info };
    case 'metrics/get-history':
      return run && { metrics: run.history.filter(({ key }) => key === body.metric_key) };
    default:
      return undefined;
  }
}

function seen({ info, data, history }: StoredRun): object {
  const newest = new Map(history.map((metric) => [metric.key, metric]));
  return { info, data: { ...data, metrics: [...newest.values()] } };
}
