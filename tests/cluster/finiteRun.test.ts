/**
 * Proves the production overlay on a real Kubernetes: mutual TLS between pods and from outside with certificates made as
 * deploy/README.md says, and one finite run as an Indexed Job, which completes when its run does.
 */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTlsFolder } from '../../services/security/tlsFolder.ts';
import { connect } from '../../services/wire/client.ts';
import { CheckoutShell } from '../docs/checkoutShell.ts';
import { blocksRunBy } from '../docs/shellBlocks.ts';
import { PROGRAM } from '../integration/cluster.ts';
import { smallRun } from '../integration/runs.ts';
import { readClusterEnvironment } from './clusterEnvironment.ts';
import { clear, kubectl, ready } from './kubectl.ts';
import { Overlay } from './overlay.ts';
import { PortForward } from './portForward.ts';
import { undisturbed } from './undisturbed.ts';

/** The Job follows `mnist-1`. */
const RUN = smallRun({ name: 'mnist', workers: '{ min: 1, max: 2 }', shards: 2, phases: 2_000 });

/** Production asks for whole cores, which a test's machine may not have. */
const SMALL = [
  'replicas: [{ name: ganglion-worker, count: 2 }]',
  'patches:',
  ...['coordinator', 'worker'].flatMap((name) => [
    `  - target: { kind: StatefulSet, name: ganglion-${name} }`,
    '    patch: |',
    '      - { op: replace, path: /spec/template/spec/containers/0/resources/requests/cpu, value: 100m }',
    '      - { op: replace, path: /spec/template/spec/containers/0/resources/requests/memory, value: 512Mi }',
  ]),
];

let production: Overlay;
let withJob: Overlay;
let idle: Overlay;
let forward: PortForward;
let shell: CheckoutShell;

beforeAll(async () => {
  const { images } = readClusterEnvironment();
  await clear();
  production = new Overlay(['overlays/production-cpu'], images[0], SMALL);
  idle = new Overlay([production], images[0], ['replicas: [{ name: ganglion-worker, count: 0 }]']);
  withJob = new Overlay([production, 'components/indexed-job'], images[0]);
  shell = await CheckoutShell.open();
});

afterAll(async () => {
  forward?.close();
  shell?.remove();
  for (const overlay of [idle, withJob, production]) overlay?.remove();
  await clear();
});

it('an Indexed Job completes with its run, by mutual TLS, to the bits of one worker here', async () => {
  const [certificates = ''] = blocksRunBy('tests/cluster/finiteRun.test.ts').map(({ text }) => text);
  const [secrets = '', listing = ''] = certificates.split(/^(?=npx ganglion --tls-dir)/m);
  await idle.apply();
  expect(await shell.run(secrets)).toMatchObject({ code: 0 });
  await ready('coordinator');
  forward = await PortForward.open('service/ganglion-coordinator', 7600);
  const port = forward.address.split(':').at(-1);
  expect(listing).toContain('localhost:7600');
  expect(await shell.run(listing.replace('7600', `${port}`))).toMatchObject({ code: 0 });

  const keys = join(shell.home, 'tls');
  // The Job's pods work, and follow the run.
  await ganglion('tls', 'issue', keys, 'pods', '--role', 'worker,client');
  await kubectl('delete', 'secret', 'ganglion-worker-tls');
  await kubectl('create', 'secret', 'generic', 'ganglion-worker-tls', `--from-file=${join(keys, 'pods')}`);
  const at = ['--coordinator', forward.address];
  const config = join(production.folder, 'run.yaml');
  writeFileSync(config, RUN);

  await expect(ganglion(...at, 'runs', 'list')).rejects.toMatchObject({ code: 4 });
  await expect(ganglion(...at, '--tls-dir', join(keys, 'worker'), 'runs', 'list')).rejects.toMatchObject({ code: 5 });
  const trusted = [...at, '--tls-dir', join(keys, 'client')];
  expect((await ganglion(...trusted, 'launch', '-f', config, '-o', 'name')).stdout.trim()).toBe('mnist-1');

  await withJob.apply();
  await kubectl('wait', '--for=condition=Complete', 'job/ganglion-run', '--timeout=300s');
  const tls = await openTlsFolder(join(keys, 'client'), (why) => expect.fail(why));
  const client = connect(forward.address, { timeoutMs: 10_000 }, { tls });
  const run = await client.getRun('mnist-1');
  client.close();
  tls.close();
  expect(run).toMatchObject({ state: 'completed', phase: 2_000 });
  expect(run.weightsSha256).toBe(await undisturbed(RUN));
});

function ganglion(...args: readonly string[]) {
  return promisify(execFile)(process.execPath, [PROGRAM, ...args]);
}
