/**
 * Proves, with real processes, that a cluster with mutual TLS trains to the bits of one without; that all its certificates
 * are renewed while it trains, the CA included, and no phase is computed twice; and what meets one whose certificate is
 * not good: a worker ends with exit code 5 and a sentence, so does a person's program.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTlsFolder, type TlsFolder } from '../../services/security/tlsFolder.ts';
import { Certificates } from '../security/certificates.ts';
import { Cluster, PROGRAM, startProgram } from './cluster.ts';
import { smallRun } from './runs.ts';

const PHASES = 400;
/** A busy machine may need more than four seconds for a call. */
const CALL_MS = 15_000;
const YAML = smallRun({ workers: '{ min: 2, max: 3 }', phases: PHASES, hidden: 32, everyPhases: 100, road: 'direct' });

let certificates: Certificates;
let caller: TlsFolder;
let folders: { coordinator: string; worker: string; admin: string };

beforeAll(async () => {
  certificates = await Certificates.make();
  folders = {
    coordinator: await certificates.of('coordinator', undefined),
    worker: await certificates.of('worker', 'worker'),
    admin: await certificates.of('admin', 'admin'),
  };
  caller = await openTlsFolder(folders.admin, () => undefined);
});
afterAll(async () => {
  caller.close();
  await certificates.remove();
});

/** Too long a path for a Unix socket: so the workers, which share this machine, meet over TCP. */
async function overTcp(): Promise<NodeJS.ProcessEnv> {
  const TMPDIR = join(certificates.folder, 'x'.repeat(90));
  await mkdir(TMPDIR, { recursive: true });
  return { TMPDIR };
}

async function trained(cluster: Cluster, meanwhile: (runId: string) => Promise<void>) {
  try {
    await cluster.addWorkers(['one', 'two'], 'tensorflow', { env: await overTcp() });
    const runId = await cluster.launch(YAML);
    await meanwhile(runId);
    const { weightsSha256 } = await cluster.completed(runId);
    const events = [];
    for await (const event of cluster.client.watchRun(runId, 0)) events.push(event);
    return { weightsSha256, events };
  } finally {
    await cluster.stop();
  }
}

/** As an operator exchanges a CA: first both are trusted, then the new one signs, then it alone is trusted. */
async function renewAll(): Promise<void> {
  const looked = () => sleep(2_500);
  const next = await certificates.successor();
  for (const folder of Object.values(folders)) await next.trust(folder, 'both');
  await looked();
  await next.sign(folders.coordinator, undefined);
  await next.sign(folders.worker, 'worker');
  await next.sign(folders.admin, 'admin');
  await looked();
  for (const folder of Object.values(folders)) await next.trust(folder, 'new');
  await looked();
}

describe('with a certificate that is not good', () => {
  it.each([
    [
      'of a client',
      () => certificates.of('a-client', 'client'),
      /a-client has the role client; .+Control is for worker, admin/,
    ],
    ['that has expired', () => certificates.expired('late', 'worker'), /its certificate has expired/],
    ['of another CA', () => certificates.foreign('foreign', 'worker'), /of a CA that is not trusted here/],
  ])('%s, a worker ends with exit code 5 and says why', async (_, make, sentence) => {
    const { coordinator, worker } = folders;
    const cluster = await Cluster.start({
      callMs: CALL_MS,
      failureDetectionMs: 20_000,
      tls: { coordinator, worker, caller },
    });
    try {
      const place = ['worker', '--coordinator', cluster.address, '--backend', 'cpu'];
      const wrong = startProgram([...place, '--tls-dir', await make()]);
      const [code] = await once(wrong.child, 'exit');
      expect([code, wrong.words()]).toEqual([5, expect.stringMatching(sentence)]);
      const listed = spawnSync(
        process.execPath,
        [PROGRAM, 'workers', 'list', '-o', 'name', '--coordinator', cluster.address],
        {
          encoding: 'utf8',
          env: { ...process.env, GANGLION_TLS_DIR: folders.admin },
        },
      );
      expect([listed.status, listed.stdout]).toEqual([0, '']);
    } finally {
      await cluster.stop();
    }
  });
});

// The last one: it renews what the others have.
describe('a run on two workers with mutual TLS', () => {
  it('has the bits of one without, while every certificate and the CA are renewed, and tells no phase twice', async () => {
    const plain = await trained(
      await Cluster.start({ callMs: CALL_MS, failureDetectionMs: 20_000 }),
      async () => undefined,
    );
    const { coordinator, worker } = folders;
    const cluster = await Cluster.start({
      callMs: CALL_MS,
      failureDetectionMs: 20_000,
      tls: { coordinator, worker, caller },
    });
    const secure = await trained(cluster, async (runId) => {
      await cluster.until(runId, ({ phase }) => phase > 5);
      await renewAll();
      // It comes with a certificate of the new CA, to the coordinator and to both workers.
      await cluster.addWorkers(['three'], 'tensorflow', { env: await overTcp() });
    });
    expect(secure.weightsSha256).toBe(plain.weightsSha256);
    const phases = secure.events.flatMap((event) => (event.kind === 'phase' ? [event.phase] : []));
    expect(phases).toEqual(phases.map((_, index) => (phases[0] ?? 0) + index));
    expect(phases).toHaveLength(PHASES);
    const lost = secure.events.filter((event) => /was lost/.test(JSON.stringify(event)));
    expect(lost).toEqual([]);
  });
});
