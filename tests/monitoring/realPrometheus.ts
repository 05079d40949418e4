/** A real Prometheus for a test, with our rules: it scrapes one target twice a second. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { guard } from '../../services/process/guard.ts';

export interface Prometheus {
  /** Values of an instant query. */
  query(expr: string): Promise<number[]>;
  /** Names of the rules that it cannot evaluate. */
  brokenRules(): Promise<string[]>;
  stop(): Promise<void>;
}

const START_MS_MAX = 20_000;

export async function startPrometheus(target: string): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  await writeFile(
    config,
    stringify({
      global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
      rule_files: [join(packageRoot(), 'deploy', 'prometheus', 'ganglion.rules.yml')],
      scrape_configs: [{ job_name: 'ganglion', static_configs: [{ targets: [target] }] }],
    }),
  );
  const address = `127.0.0.1:${await freePort()}`;
  const place = [`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${address}`];
  const child = spawn('prometheus', place, { stdio: ['ignore', 'ignore', 'pipe'] });
  const release = guard(child);
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-8_192);
  });
  child.once('error', (error) => {
    words += `${error.message}. Run: apt-get update && apt-get install -y prometheus`;
  });
  const get = async (path: string) => (await (await fetch(`http://${address}${path}`)).json()) as Answer;
  const deadline = Date.now() + START_MS_MAX;
  while (
    !(await fetch(`http://${address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (child.pid === undefined || child.exitCode !== null || Date.now() > deadline)
      throw new Error(`Prometheus did not start: ${words}`);
    await sleep(50);
  }
  return {
    async query(expr) {
      const { status, error, data } = await get(`/api/v1/query?query=${encodeURIComponent(expr)}`);
      if (status !== 'success') throw new Error(`${expr}: ${error}`);
      return (data.result ?? []).map(({ value }) => Number(value[1]));
    },
    async brokenRules() {
      const { data } = await get('/api/v1/rules');
      const rules = (data.groups ?? []).flatMap((group) => group.rules);
      return rules.filter(({ health }) => health === 'err').map(({ name, lastError }) => `${name}: ${lastError}`);
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result?: readonly { readonly value: readonly [number, string] }[];
    readonly groups?: readonly {
      readonly rules: readonly { readonly name: string; readonly health: string; readonly lastError?: string }[];
    }[];
  };
}

/** Prometheus takes no port 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
