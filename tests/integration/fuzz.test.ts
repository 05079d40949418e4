/**
 * Proves that no frame that anybody writes to a port stops a cluster: random bytes, mutated and truncated calls, gzip bombs,
 * frames of one byte, rapid resets, headers without an end, and connections that crawl, in the clear, behind TLS without a
 * certificate, and with one. No process ends, others are answered, memory stays bounded, and the runs that train meanwhile
 * end with the bits of an undisturbed one, without losing a worker. GANGLION_FUZZ_FRAMES=1000000 asks for more of it.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { must } from '../../services/errors/invariant.ts';
import { openTlsFolder, type TlsFolder } from '../../services/security/tlsFolder.ts';
import { attack, crawl, type Target } from '../fuzz/attack.ts';
import { Dice } from '../fuzz/dice.ts';
import { listeningPorts, residentBytes } from '../fuzz/process.ts';
import { Certificates } from '../security/certificates.ts';
import { Cluster, type ClusterOptions } from './cluster.ts';
import { smallRun } from './runs.ts';

/** Of both clusters together. */
const FRAMES = Number(process.env.GANGLION_FUZZ_FRAMES ?? 50_000);
const SEED = Number(process.env.GANGLION_FUZZ_SEED ?? 1);
/** Slower than the slowest cut: pings every 10 s, 5 s for an answer; and a busy machine. */
const CRAWL_MS_MAX = 25_000;
const ANSWER_MS_MAX = 4_000;
/** 64 connections' worth of unfinished messages, and the heap's slack. A bomb alone would be 64 MB each time. */
const GROWTH_BYTES_MAX = 384 * 1024 * 1024;
const TEST_MS_MAX = 300_000 + FRAMES;

const YAML = smallRun({ workers: 2, phases: 60, hidden: 32, everyPhases: 20, road: 'direct' });

let certificates: Certificates;
const folders: Record<string, TlsFolder> = {};

beforeAll(async () => {
  certificates = await Certificates.make();
  const paths = [
    await certificates.of('coordinator', undefined),
    await certificates.of('worker', 'worker'),
    await certificates.of('client', 'client'),
    await certificates.of('admin', 'admin'),
  ];
  for (const path of paths) folders[path.split('/').at(-1) ?? ''] = await openTlsFolder(path, () => undefined);
});
afterAll(async () => {
  for (const folder of Object.values(folders)) folder.close();
  await certificates.remove();
});

async function targetsOf(cluster: Cluster, secure: boolean): Promise<Target[]> {
  const portOf = (address: string) => Number(address.split(':').at(-1));
  const grpc = portOf(cluster.address);
  const [mesh = 0] = await listeningPorts(must(cluster.worker('one').child.pid, 'pid'));
  const everywhere: Target[] = [
    { name: 'HTTP', port: portOf(cluster.httpAddress), speaks: 'http1' },
    { name: 'the live page', port: portOf(cluster.pageAddress), speaks: 'http1' },
    { name: 'noise to gRPC', port: grpc, speaks: 'nothing' },
    { name: 'noise to a worker', port: mesh, speaks: 'nothing' },
  ];
  const { client, worker } = folders;
  if (!secure || !client || !worker) {
    return [
      ...everywhere,
      { name: 'gRPC', port: grpc, speaks: 'http2' },
      { name: 'a worker', port: mesh, speaks: 'mesh' },
    ];
  }
  return [
    ...everywhere,
    { name: 'gRPC, unknown', port: grpc, tls: 'no certificate', speaks: 'http2' },
    { name: 'gRPC as a client', port: grpc, tls: client, speaks: 'http2' },
    { name: 'gRPC as a worker', port: grpc, tls: worker, speaks: 'http2' },
    { name: 'a worker, as a client', port: mesh, tls: client, speaks: 'mesh' },
    { name: 'a worker, as a worker', port: mesh, tls: worker, speaks: 'mesh' },
  ];
}

it.each([
  ['in the clear', false],
  ['with mutual TLS', true],
])('a cluster %s', { timeout: TEST_MS_MAX }, async (_, secure) => {
  const path = (name: string) => join(certificates.folder, name);
  const tls = { coordinator: path('coordinator'), worker: path('worker'), caller: must(folders.admin, 'admin') };
  // A machine that is busy with the attack is slow, and nobody is lost for that.
  const options: ClusterOptions = { callMs: 4 * ANSWER_MS_MAX, failureDetectionMs: 20_000, ...(secure && { tls }) };
  const cluster = await Cluster.start(options);
  try {
    const TMPDIR = path('x'.repeat(90));
    await mkdir(TMPDIR, { recursive: true });
    await cluster.addWorkers(['one', 'two'], 'tensorflow', { env: { TMPDIR } });
    const pids = [cluster.coordinatorPid, ...['one', 'two'].map((id) => must(cluster.worker(id).child.pid, 'pid'))];
    const train = async () => must((await cluster.completed(await cluster.launch(YAML))).weightsSha256, 'hash');
    const undisturbed = await train();
    const before = await Promise.all(pids.map(residentBytes));

    const targets = await targetsOf(cluster, secure);
    let over = false;
    let slowestMs = 0;
    let peaks = before;
    const watch = async () => {
      while (!over) {
        const begin = Date.now();
        await cluster.client.listWorkers();
        slowestMs = Math.max(slowestMs, Date.now() - begin);
        const now = await Promise.all(pids.map(residentBytes));
        peaks = peaks.map((peak, index) => Math.max(peak, now[index] ?? 0));
        await sleep(100);
      }
    };
    const trained: string[] = [];
    const trainOn = async () => {
      do trained.push(await train());
      while (!over);
    };
    const storm = async () => {
      const crawling = crawl(targets, CRAWL_MS_MAX);
      const ended = await attack(targets, FRAMES / 2, new Dice(SEED));
      const left = await crawling;
      over = true;
      return { ended, left };
    };
    const [{ ended, left }] = await Promise.all([storm(), watch(), trainOn()]);

    const growth = peaks.map((peak, index) => Math.round((peak - (before[index] ?? 0)) / 1024 ** 2));
    process.stderr.write(
      `fuzz, ${secure ? 'TLS' : 'clear'}: ${FRAMES / 2} frames, seed ${SEED}, ${ended} connections ended, ${trained.length} runs meanwhile, ` +
        `slowest answer ${slowestMs} ms, grew by ${growth.join(', ')} MiB (coordinator, workers)\n`,
    );
    expect(left).toEqual([]);
    expect(trained.filter((hash) => hash !== undisturbed)).toEqual([]);
    expect(slowestMs).toBeLessThan(ANSWER_MS_MAX);
    expect(growth.filter((mebibytes) => mebibytes * 1024 ** 2 > GROWTH_BYTES_MAX)).toEqual([]);
    expect((await cluster.client.listWorkers()).map(({ workerId }) => workerId).sort()).toEqual(['one', 'two']);
    for (const run of await cluster.client.listRuns()) {
      for await (const event of cluster.client.watchRun(run.runId, 0))
        expect(JSON.stringify(event)).not.toMatch(/was lost/);
    }
    expect(pids).toEqual([cluster.coordinatorPid, ...['one', 'two'].map((id) => cluster.worker(id).child.pid)]);
  } catch (error) {
    // What a process said last is what one wants to know.
    throw new Error(`seed ${SEED}:\n${cluster.words()}`, { cause: error });
  } finally {
    await cluster.stop();
  }
});
