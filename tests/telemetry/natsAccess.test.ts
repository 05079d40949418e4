/**
 * Proves, on the real nats-server with TLS, that the port gets in with an NKey and with a creds file, and does not with
 * somebody else's key, without TLS, or where the server's CA is not the one that was named.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nkeys } from 'nats';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { must } from '../../services/errors/invariant.ts';
import { requireAccess } from '../../services/telemetry/natsAccess.ts';
import { NatsPort } from '../../services/telemetry/natsPort.ts';
import { findNatsServer } from '../../services/telemetry/natsServer.ts';
import { Certificates } from '../security/certificates.ts';
import { until } from '../wire/listen.ts';
import { keptLog } from './keptLog.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/** A file that is there, and is neither. */
const SOURCE = fileURLToPath(import.meta.url);

let certificates: Certificates;
let tls: string;
beforeAll(async () => {
  certificates = await Certificates.make();
  tls = await certificates.of('nats', undefined);
});
afterAll(() => certificates.remove());

/** A server that demands TLS and what `users` say. Gives its port. */
async function serverWith(users: string): Promise<number> {
  const folder = temporaryFolder();
  const port = await freePort();
  const config = join(folder, 'nats.conf');
  const files = `cert_file: "${tls}/tls.crt", key_file: "${tls}/tls.key"`;
  writeFileSync(config, `listen: "127.0.0.1:${port}"\ntls { ${files} }\n${users}\n`);
  const server = spawn(must(findNatsServer(process.env.PATH), 'nats-server'), ['-c', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  let words = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  await until(() => /Server is ready/.test(words) || server.exitCode !== null);
  if (server.exitCode !== null) throw new Error(words);
  return port;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** By name: NATS's client looks for no address in a certificate. Until it is connected, or has said why it is not. */
async function attempt(port: number, access: Parameters<typeof requireAccess>[0], scheme = 'tls'): Promise<string> {
  const { log, said } = keptLog();
  const nats = new NatsPort(
    { servers: `${scheme}://localhost:${port}`, access: requireAccess(access) },
    log,
    () => undefined,
  );
  onTestFinished(() => nats.close());
  await until(() => nats.status() === 'connected' || said().includes('cannot be used'));
  if (nats.status() !== 'connected') return said();
  nats.publish('ganglion.v1.test', 'test:0', '{}');
  await nats.flush(5_000);
  return 'connected';
}

function file(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('a server with TLS and NKeys', () => {
  it('lets the right key in, and nobody else', async () => {
    const [user, other] = [nkeys.createUser(), nkeys.createUser()];
    const port = await serverWith(`authorization { users: [ { nkey: ${user.getPublicKey()} } ] }`);
    const caFile = `${tls}/ca.crt`;
    const nkeyFile = file('user.nk', `${text(user.getSeed())}\n`);
    expect(await attempt(port, { caFile, nkeyFile })).toBe('connected');
    // A named CA demands TLS, whatever the URL says.
    expect(await attempt(port, { caFile, nkeyFile }, 'nats')).toBe('connected');
    expect(await attempt(port, { caFile, nkeyFile: file('other.nk', text(other.getSeed())) })).toMatch(
      /Authorization/i,
    );
    expect(await attempt(port, { caFile })).toMatch(/Authorization/i);
    expect(await attempt(port, { nkeyFile })).toMatch(/certificate/);
    const foreign = `${await certificates.of('elsewhere', undefined)}/tls.crt`;
    expect(await attempt(port, { caFile: foreign, nkeyFile })).toMatch(/certificate/);
  });
});

describe('a server with TLS and accounts', () => {
  it('lets a creds file in, and takes a renewed one', async () => {
    const [operator, account, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createUser()];
    const token = (
      kind: string,
      by: ReturnType<typeof nkeys.createUser>,
      of: ReturnType<typeof nkeys.createUser>,
      more: object = {},
    ) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const iat = Math.floor(Date.now() / 1000);
      const claims = {
        jti: 'x',
        iat,
        iss: by.getPublicKey(),
        sub: of.getPublicKey(),
        nats: { type: kind, version: 2, ...more },
      };
      const signed = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(claims)}`;
      return `${signed}.${Buffer.from(by.sign(Buffer.from(signed))).toString('base64url')}`;
    };
    const unlimited = {
      subs: -1,
      data: -1,
      payload: -1,
      imports: -1,
      exports: -1,
      conn: -1,
      leaf: -1,
      wildcards: true,
    };
    const port = await serverWith(
      `operator: ${token('operator', operator, operator)}\nresolver: MEMORY\n` +
        `resolver_preload: { ${account.getPublicKey()}: ${token('account', operator, account, { limits: unlimited })} }`,
    );
    const creds = (jwt: string, seed: Uint8Array) =>
      `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n` +
      `-----BEGIN USER NKEY SEED-----\n${text(seed)}\n------END USER NKEY SEED------\n`;
    const limits = { subs: -1, data: -1, payload: -1 };
    const good = creds(token('user', account, user, limits), user.getSeed());
    const caFile = `${tls}/ca.crt`;
    expect(await attempt(port, { caFile, credsFile: file('user.creds', good) })).toBe('connected');
    const stranger = nkeys.createAccount();
    const credsFile = file('wrong.creds', creds(token('user', stranger, user, limits), user.getSeed()));
    const { log, said } = keptLog();
    const nats = new NatsPort(
      { servers: `tls://localhost:${port}`, access: { caFile, credsFile } },
      log,
      () => undefined,
    );
    onTestFinished(() => nats.close());
    await until(() => /Authorization/i.test(said()));
    writeFileSync(credsFile, good);
    await until(() => nats.status() === 'connected');
  });
});

describe('files that are no use', () => {
  it.each([
    [{ nkeyFile: '/nowhere' }, /ENOENT/],
    [{ credsFile: '/nowhere' }, /ENOENT/],
    [{ caFile: '/nowhere' }, /ENOENT/],
    [{ nkeyFile: SOURCE }, /NATS cannot be reached with/],
    [{ credsFile: SOURCE }, /NATS cannot be reached with/],
    [{ credsFile: '/a', nkeyFile: '/b' }, /one of them is allowed/],
  ])('%j is a sentence at the start', (access, sentence) => {
    expect(() => requireAccess(access)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(sentence) }),
    );
  });
});
