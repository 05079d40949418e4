/**
 * Proves that JetStream, with the stream that we ship, gives a run back from any sequence, without a coordinator; that a
 * watcher outlives a restart of NATS; and that the AsyncAPI document describes what is there.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'nats';
import { expect, it, onTestFinished, vi } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import type { RunEvent } from '../../services/report/runEvent.ts';
import { readAll, realNatsServer } from '../telemetry/realNats.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { Cluster, PROGRAM } from './cluster.ts';
import { smallRun } from './runs.ts';

const NATS_FILES = join(packageRoot(), 'deploy', 'nats');

async function addStream(url: string) {
  const client = await connect({ servers: url });
  onTestFinished(() => client.close());
  const manager = await client.jetstreamManager();
  return {
    client,
    manager,
    stream: await manager.streams.add(JSON.parse(await readFile(join(NATS_FILES, 'stream.json'), 'utf8'))),
  };
}

function watch(...args: readonly string[]) {
  let lines = '';
  const ended = new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const child = execFile(process.execPath, [PROGRAM, 'runs', 'watch', ...args], (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
    child.stdout?.on('data', (text: string) => {
      lines += text;
    });
    onTestFinished(() => void child.kill('SIGKILL'));
  });
  return { ended, lines: () => lines };
}

const sequencesOf = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as RunEvent).sequence);
const upFrom = (first: number, count: number) => Array.from({ length: count - first }, (_, i) => first + i);

it('a run is replayed from NATS, whole and from a sequence, also while NATS is started again', async () => {
  const storeDir = temporaryFolder();
  const first = await realNatsServer({ storeDir });
  const { client, stream } = await addStream(first.url);
  expect(stream.config).toMatchObject({ name: 'GANGLION', duplicate_window: 3_600e9, max_age: 30 * 86_400e9 });
  const { received } = await readAll(first.url);
  const cluster = await Cluster.start({ natsUrl: first.url });
  onTestFinished(() => cluster.stop());
  await cluster.addWorkers(['one', 'two']);
  const runId = await cluster.launch(smallRun({ phases: 60, everyPhases: 20 }));
  await cluster.until(runId, ({ phase }) => phase >= 5);
  const live = watch(runId, '--from', 'nats', '--json', '--nats', first.url);
  await vi.waitFor(() => expect(live.lines()).toContain('"kind":"phase"'), 20_000);
  await first.stop('SIGKILL');
  const second = await realNatsServer({ port: first.port, storeDir });
  await cluster.completed(runId);
  const watched = await live.ended;
  expect([watched.code, watched.err]).toEqual([0, 'NATS went away: it is dialled again for up to a minute.\n']);

  // Nobody needs the coordinator for what was.
  await cluster.killCoordinator('SIGTERM');
  const folder = join(cluster.dataDir, runId);
  const told = await Promise.all(['events', 'metrics'].map((name) => readFile(join(folder, `${name}.jsonl`), 'utf8')));
  const all = upFrom(0, sequencesOf(told.join('')).length);
  expect(sequencesOf(watched.out)).toEqual(all);
  const whole = await watch(runId, '--from', 'nats', '--json', '--nats', second.url).ended;
  expect([whole.code, sequencesOf(whole.out)]).toEqual([0, all]);
  const tail = await watch(runId, '--from', 'nats:50', '--json', '--nats', second.url).ended;
  expect(sequencesOf(tail.out)).toEqual(all.slice(50));

  const nobody = await watch('nobody-1', '--from', 'nats', '--nats', second.url).ended;
  expect(nobody.code).toBe(1);
  expect(nobody.err).toContain("NATS has nothing of run 'nobody-1'.");

  const document = JSON.parse(await readFile(join(NATS_FILES, 'asyncapi.json'), 'utf8'));
  const addresses = Object.values(document.channels as Record<string, { address: string }>).map(({ address }) =>
    address.replace('{runId}', runId),
  );
  const subjects = [...new Set(received.map(({ subject }) => subject))];
  expect(addresses).toEqual(expect.arrayContaining(subjects));
  expect(client.isClosed()).toBe(false);
});

it('a repeat within the hour is one message', async () => {
  const { url } = await realNatsServer({ storeDir: temporaryFolder() });
  const { client, manager } = await addStream(url);
  const publish = () => client.jetstream().publish('ganglion.v1.runs.a.state', '{}', { msgID: 'a:0' });
  expect([(await publish()).duplicate, (await publish()).duplicate]).toEqual([false, true]);
  expect((await manager.streams.info('GANGLION')).state.messages).toBe(1);
});

it('says what to do where NATS has no stream, is not there, or the sequence is none', async () => {
  const { url, stop } = await realNatsServer();
  const core = await watch('a-1', '--from', 'nats', '--nats', url).ended;
  expect([core.code, core.err]).toEqual([
    1,
    expect.stringContaining('nats stream add --config deploy/nats/stream.json'),
  ]);
  await stop('SIGKILL');
  const away = await watch('a-1', '--from', 'nats', '--nats', url).ended;
  expect([away.code, away.err]).toEqual([4, expect.stringContaining('NATS cannot be reached at')]);
  const wrong = await watch('a-1', '--from', 'kafka').ended;
  expect([wrong.code, wrong.err]).toEqual([
    2,
    expect.stringContaining("--from: found 'kafka'; nats and nats:SEQUENCE are allowed."),
  ]);
});
