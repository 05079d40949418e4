/**
 * Proves that programs of other versions are understood as far as they can be: contracts from before a field was added, and from
 * after, speak with this coordinator and with this client; who speaks another protocol is told both versions.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Client,
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  Metadata,
  Server,
  ServerCredentials,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import type { RunningCoordinator } from '../../services/coordinator/main.ts';
import { connect } from '../../services/wire/client.ts';
import { SMALL_YAML } from '../config/configs.ts';
import { localCoordinator } from '../coordinator/localCoordinator.ts';

type Call = (request: object, metadata: Metadata, done: (error: unknown, answer: unknown) => void) => void;
type RunService = Client & Record<string, Call>;

let folder: string;
let coordinator: RunningCoordinator;
let contract: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-compatibility-'));
  contract = await readFile(join(packageRoot(), 'proto', 'ganglion', 'v1', 'run.proto'), 'utf8');
  coordinator = await localCoordinator(join(folder, 'runs'));
});
afterAll(async () => {
  await coordinator.close();
  await rm(folder, { recursive: true });
});

/** The services of a contract that was changed. */
async function servicesOf(name: string, change: (proto: string) => string): Promise<GrpcObject> {
  const changed = change(contract);
  expect(changed).not.toBe(contract);
  await mkdir(join(folder, name), { recursive: true });
  const file = join(folder, name, 'run.proto');
  await writeFile(file, changed);
  const loaded = loadPackageDefinition(loadSync(file, { longs: Number, enums: String, defaults: true, oneofs: true }));
  return (loaded.ganglion as GrpcObject).v1 as GrpcObject;
}

function dialled(services: GrpcObject): RunService {
  const Service = services.RunService as unknown as new (address: string, with_: object) => RunService;
  return new Service(coordinator.address, credentials.createInsecure());
}

/** Says which protocol it speaks, or nothing. */
function ask(service: RunService, call: string, request: object, protocol?: string): Promise<Record<string, unknown>> {
  const metadata = new Metadata();
  if (protocol !== undefined) metadata.set('ganglion-protocol', protocol);
  return new Promise((resolve, reject) => {
    service[call]?.call(service, request, metadata, (error, answer) => {
      if (error) reject(error);
      else resolve(answer as Record<string, unknown>);
    });
  });
}

/** Before run ids, alarms and evaluations. */
const asItWas = (proto: string) =>
  proto
    .replace(/^ {2}string run_id = 3;\n/m, '')
    .replace(/^ {2}(repeated Alarm alarms|Evaluation evaluation|BestCheckpoint best) = \d+;\n/gm, '')
    .replace(/^ {4}(AlarmEvent alarm|EvaluationEvent evaluation) = \d+;\n/gm, '');

const asItWillBe = (proto: string) =>
  proto
    .replace(/^message CreateRunRequest \{/m, '$&\n  string priority = 90;')
    .replace(/^message RunEvent \{/m, 'message PromotedEvent { string to = 1; }\n$&')
    .replace(/^ {4}StateEvent state = 4;/m, '$&\n    PromotedEvent promoted = 90;')
    .replace(/^ {2}RUN_STATE_CANCELLED = 9;/m, '$&\n  RUN_STATE_PROMOTED = 90;');

describe('this coordinator', () => {
  it('answers a program from before fields were added, which launches, looks and watches', async () => {
    const old = dialled(await servicesOf('old', asItWas));
    const { run } = await ask(old, 'CreateRun', { configYaml: `${SMALL_YAML}name: older\n` }, '1');
    expect(run).toMatchObject({ runId: 'older-1', state: 'RUN_STATE_QUEUED' });
    await ask(old, 'CancelRun', { runId: 'older-1' });
    const watch = old.WatchRun as unknown as (request: object) => AsyncIterable<{ state: { state: string } }>;
    const states: string[] = [];
    for await (const { state } of watch.call(old, { runId: 'older-1' })) states.push(state.state);
    expect(states).toEqual(['RUN_STATE_QUEUED', 'RUN_STATE_QUEUED', 'RUN_STATE_CANCELLED']);
    old.close();
  });

  it('takes what a newer program says beyond what it knows for nothing', async () => {
    const next = dialled(await servicesOf('next', asItWillBe));
    const asked = { configYaml: `${SMALL_YAML}name: newer\n`, priority: 'high' };
    expect((await ask(next, 'CreateRun', asked, '1')).run).toMatchObject({ runId: 'newer-1' });
    next.close();
  });

  it('refuses another protocol in a sentence, before it looks at the call, and answers who says none', async () => {
    const other = dialled(await servicesOf('next', asItWillBe));
    await expect(ask(other, 'ListRuns', {}, '2')).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: 'The caller speaks protocol version 2; this coordinator speaks 1.',
    });
    await expect(ask(other, 'ListRuns', {})).resolves.toBeDefined();
    other.close();
  });
});

describe('this client', () => {
  it('leaves out events that it does not know, and names calls that the coordinator does not', async () => {
    const services = await servicesOf('next', asItWillBe);
    const { service } = services.RunService as unknown as { service: Parameters<Server['addService']>[0] };
    const server = new Server();
    let spoken: unknown;
    server.addService(service, {
      WatchRun: (call: { metadata: Metadata; write(event: object): void; end(): void }) => {
        [spoken] = call.metadata.get('ganglion-protocol');
        call.write({ runId: 'r', sequence: 0, promoted: { to: 'production' } });
        call.write({ runId: 'r', sequence: 1, state: { state: 'RUN_STATE_PROMOTED', why: 'It is good.' } });
        call.write({ runId: 'r', sequence: 2, state: { state: 'RUN_STATE_CANCELLED', why: 'Enough.' } });
        call.end();
      },
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const client = connect(`127.0.0.1:${port}`, { timeoutMs: 5_000 });
    const seen: unknown[] = [];
    for await (const event of client.watchRun('r', 0)) seen.push(event);
    expect(seen).toEqual([
      expect.objectContaining({ sequence: 1, kind: 'state' }),
      expect.objectContaining({ sequence: 2, state: 'cancelled' }),
    ]);
    expect(spoken).toBe('1');
    await expect(client.pauseRun('r')).rejects.toMatchObject({
      code: 'protocol-mismatch',
      message: expect.stringContaining('does not know this call'),
    });
    client.close();
    server.forceShutdown();
  });
});
