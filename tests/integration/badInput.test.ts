/** Proves that bad input to the real program ends in one clear sentence with its remedy and a non-zero exit, and harms no run. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { CoordinatorMessage } from '../../services/control/messages.ts';
import { dialCoordinator } from '../../services/wire/coordinatorLink.ts';
import { Cluster, startProgram } from './cluster.ts';
import { smallRun } from './runs.ts';

async function ganglion(...args: string[]): Promise<{ code: unknown; err: string }> {
  const program = startProgram(args, { GANGLION_LOG_LEVEL: 'warn' });
  const [code] = await once(program.child, 'close');
  return { code, err: program.words() };
}

/** A port of this machine where nobody listens: taken, and given back. */
async function silentPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-bad-input-'));
  cluster = await Cluster.start();
  await cluster.addWorkers(['one', 'two']);
});
afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true });
});

describe('the run config', () => {
  const launch = async (yaml: string) => {
    const file = join(folder, 'run.yaml');
    await writeFile(file, yaml);
    return ganglion('launch', '--coordinator', cluster.address, '-f', file);
  };

  it.each([
    ['batchSize: 60', 'batchsize: 60', /batchsize: unknown field\W.*[Dd]id you mean.*batchSize/s],
    ['type: maxout', 'type: maxuot', /discriminator\.layers\[1\].*maxuot.*maxout/s],
    ['shards: 4', 'shards: 0', /shards: found 0; allowed: a whole number above 0/],
    ['keep: 0.8', 'keep: eighty', /layers\[0\]\.keep: found .*eighty.*; allowed: a number above 0 and at most 1/],
    ['batchSize: 60', 'batchSize: [60', /line \d+, column \d+/],
    ['units: 784', 'units: 700', /generator.*700.*784/s],
  ])('%s → %s', async (from, to, message) => {
    const { code, err } = await launch(smallRun().replace(from, to));
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(err.split('\n').length, err).toBeLessThanOrEqual(4);
  });

  it('a data set that is missing, and one that is broken, are named with what was found', async () => {
    const config = (path: string) => smallRun().replace('dataset: mnist', `dataset: mnist, path: ${path}`);
    const missing = await launch(config(join(folder, 'nowhere')));
    expect(missing.err).toMatch(/There is no train-images-idx3-ubyte \(or \.gz\) in .*nowhere\.\n {2}Put the official/);
    await writeFile(join(folder, 'train-images-idx3-ubyte'), Buffer.from([0, 0, 8, 3, 0, 0, 0, 9, 0, 0]));
    const broken = await launch(config(folder));
    expect(broken.err).toMatch(/train-images-idx3-ubyte is not a whole IDX file: at byte 10, the file ends inside/);
    expect([missing.code, broken.code]).toEqual([1, 1]);
    expect(await cluster.client.listRuns()).toEqual([]);
  });
});

describe('addresses', () => {
  it('no coordinator there: exit code 4, within the timeout', async () => {
    const address = `127.0.0.1:${await silentPort()}`;
    const { code, err } = await ganglion('runs', 'list', '--coordinator', address, '--timeout', '3');
    expect(err).toMatch(new RegExp(`^ganglion: .*${address}.*\\n  .*ganglion coordinator`));
    expect(code).toBe(4);
  });

  it('something else there: an HTTP server', async () => {
    const { code, err } = await ganglion('runs', 'list', '--coordinator', cluster.httpAddress, '--timeout', '3');
    expect(err).toContain(cluster.httpAddress);
    expect(code).toBe(4);
  });

  it.each(['port', 'http-port', 'page-port'])('a port in use, by --%s, is named', async (flag) => {
    const addresses = { port: cluster.address, 'http-port': cluster.httpAddress, 'page-port': cluster.pageAddress };
    const ports = Object.entries(addresses).map(([name, address]) => [name, address.split(':').at(-1) ?? '']);
    const taken = Object.fromEntries(ports)[flag];
    const flags = ports.flatMap(([name, port = '']) => [`--${name}`, name === flag ? port : '0']);
    const { code, err } = await ganglion('coordinator', '--data-dir', join(folder, 'runs'), ...flags);
    expect(err).toMatch(`Port ${taken} on 127.0.0.1 is already in use`);
    expect(err).toMatch(`--${flag}`);
    expect(code).toBe(1);
  });

  it('a data folder that another coordinator holds', async () => {
    const { code, err } = await ganglion(
      'coordinator',
      '--data-dir',
      cluster.dataDir,
      '--port',
      '0',
      '--http-port',
      '0',
    );
    expect(err).toMatch(/^ganglion: .*another coordinator|^ganglion: .*process \d+/i);
    expect(code).toBe(1);
  });
});

describe('the gRPC port', () => {
  it('refuses a worker of another protocol version with both versions', async () => {
    const link = dialCoordinator(cluster.address);
    onTestFinished(() => link.close());
    const answer = await new Promise<CoordinatorMessage>((resolve, reject) => {
      const control = link.openControl({ message: resolve, end: reject });
      const device = {
        ...({ backend: 'cpu', backendVersion: '1', deviceClass: 'cpu/1', intraOpThreads: 1 } as const),
        ...{ cores: 1, memoryBytes: 1, runtime: 'v20' },
      };
      const place = { hostname: 'here', pid: 1, device, peer: { tcp: '', unix: '', machine: '' }, held: undefined };
      control.send({ type: 'hello', protocolVersion: 99, workerId: 'old', ...place });
    });
    expect(answer).toMatchObject({
      type: 'refused',
      message: 'The worker speaks protocol version 99; this coordinator speaks 1.',
      remedy: 'Run worker and coordinator of the same Ganglion version.',
    });
  });

  it('takes garbage while a run trains, and the run does not notice', async () => {
    const config = (name: string) => smallRun({ name, workers: 2, phases: 150, hidden: 64 });
    const undisturbed = await cluster.completed(await cluster.launch(config('undisturbed')));
    const runId = await cluster.launch(config('garbage'));
    await cluster.until(runId, ({ phase }) => phase >= 10);
    const port = Number(cluster.address.split(':').at(-1));
    for (const text of [
      'GET / HTTP/1.1\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense',
      '\u0000'.repeat(70_000),
    ]) {
      const socket = dial(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(text);
      await sleep(50);
      socket.destroy();
    }
    expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed.weightsSha256);
  });
});
