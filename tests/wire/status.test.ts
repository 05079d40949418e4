/**
 * Proves that an error keeps its code, sentence and remedy over real gRPC, whichever kind of call it ends, and that what
 * others answer (a server that is none of ours, none at all, a bug) becomes a sentence with a remedy too.
 */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ErrorCode } from '../../services/errors/errorCodes.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { connect } from '../../services/wire/client.ts';
import { collect } from '../telemetry/events.ts';
import { listen } from './listen.ts';

const CODES: Record<ErrorCode, true> = {
  'invalid-config': true,
  'invalid-argument': true,
  'not-found': true,
  'already-exists': true,
  'wrong-state': true,
  unreachable: true,
  'protocol-mismatch': true,
  refused: true,
  unauthenticated: true,
  forbidden: true,
  'port-in-use': true,
  disk: true,
  corrupt: true,
  dataset: true,
  backend: true,
  'run-failed': true,
  aborted: true,
};
const HEAD = { runId: 'r', generation: 1, workerId: 'w' };

function sentence(code: ErrorCode): GanglionError {
  const message = `Der Lauf ‚größe‘ ist ${code}:\nzweite Zeile, 100 % – ✓.`;
  return new GanglionError({ code, message, remedy: 'Früher aufhören → “ganglion runs get”.' });
}

describe('an error of ours', () => {
  it.each(Object.keys(CODES) as ErrorCode[])('%s keeps its code, sentence and remedy', async (code) => {
    const { client } = await listen({
      getRun: () => {
        throw sentence(code);
      },
    });
    const { message, remedy } = sentence(code);
    const error = await client.getRun('r').catch((e) => e);
    expect(error).toBeInstanceOf(GanglionError);
    expect(error).toMatchObject({ code, message, remedy });
  });

  const fail = () => {
    throw sentence('not-found');
  };
  const failLater = async () => fail();
  async function* failAfter<Value>(...values: Value[]): AsyncIterable<Value> {
    yield* values;
    fail();
  }
  type Heard = (why: GanglionError | undefined) => void;

  it.each<[string, (at: Awaited<ReturnType<typeof listen>>) => Promise<unknown>]>([
    ['a watch', ({ client }) => collect(client.watchRun('r', 0))],
    ['a file', ({ client }) => collect(client.fetchArtifact('r', 'x'))],
    ['a download', ({ link }) => collect(link.downloadState(HEAD, 3, new AbortController().signal))],
    ['an upload', ({ link }) => link.uploadState(HEAD, 3, new Uint8Array(10), 'hash')],
    [
      'the minibatches',
      ({ link }) =>
        new Promise((_, reject: Heard) => {
          link.streamMinibatches(HEAD, 0, { chunk: () => undefined, end: reject }).credit(1);
        }),
    ],
    [
      'a reduce that may not join',
      ({ link }) => new Promise((_, reject: Heard) => link.openReduce(HEAD, { chunk: () => undefined, end: reject })),
    ],
  ])('ends %s', async (_, call) => {
    const at = await listen({
      watchRun: () => failAfter(),
      fetchArtifact: () => failAfter(new Uint8Array(3)),
      downloadState: failLater,
      uploadState: failLater,
      minibatches: fail,
      joinReduce: fail,
    });
    const { message, remedy } = sentence('not-found');
    await expect(call(at)).rejects.toMatchObject({ code: 'not-found', message, remedy });
  });
});

describe('what is not ours', () => {
  it('a bug of the coordinator is told as its sentence, and where to look', async () => {
    const { client, address } = await listen({
      listRuns: () => {
        throw new Error('invariant broken: run r is missing');
      },
    });
    await expect(client.listRuns()).rejects.toMatchObject({
      code: 'refused',
      message: `The coordinator at ${address} answered: invariant broken: run r is missing.`,
      remedy: 'Look into the coordinator’s log.',
    });
  });

  it('a server that does not know the call is another program', async () => {
    const address = await otherServer(new Server());
    const client = connect(address, { timeoutMs: 5_000 });
    onTestFinished(() => client.close());
    const mismatch = { code: 'protocol-mismatch', message: expect.stringContaining(address) };
    await expect(client.listRuns()).rejects.toMatchObject(mismatch);
    await expect(collect(client.watchRun('r', 0))).rejects.toMatchObject(mismatch);
  });
});

async function otherServer(server: Server): Promise<string> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}
