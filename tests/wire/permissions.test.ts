/**
 * Proves the table of RPCs and roles, every cell of it: a real coordinator with real certificates is called with every
 * RPC that the .proto files have, by everybody who may and who may not. What is let in reaches the coordinator, which
 * may not know the run that is asked for; what is not is UNAUTHENTICATED or PERMISSION_DENIED, with a sentence.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { openAccess } from '../../services/coordinator/access.ts';
import type { RunningCoordinator } from '../../services/coordinator/main.ts';
import { ROLES } from '../../services/security/role.ts';
import { openTlsFolder } from '../../services/security/tlsFolder.ts';
import { openTokenFile } from '../../services/security/tokens.ts';
import { type Badge, dial } from '../../services/wire/channel.ts';
import { packageDefinition } from '../../services/wire/definition.ts';
import { PERMISSIONS } from '../../services/wire/permissions.ts';
import { localCoordinator } from '../coordinator/localCoordinator.ts';
import { Certificates } from '../security/certificates.ts';

/** `/package.Service/Method` of everything in our .proto files. */
const OUR_RPCS = Object.values(packageDefinition).flatMap((definition) =>
  'format' in definition ? [] : Object.values(definition).map(({ path }) => path),
);
const CELL_MS_MAX = 20_000;

const TOKENS = Object.fromEntries(ROLES.map((role) => [role, `${role}-`.repeat(8)]));

let certificates: Certificates;
let folder: string;
let coordinator: RunningCoordinator;
const badges = new Map<string, Badge>();

beforeAll(async () => {
  certificates = await Certificates.make();
  folder = await mkdtemp(join(tmpdir(), 'ganglion-permissions-'));
  const tokensFile = join(folder, 'tokens');
  await writeFile(tokensFile, `# of a test\n${ROLES.map((role) => `${role} ${TOKENS[role]}\n`).join('')}`);
  const tlsDir = await certificates.of('coordinator', undefined);
  coordinator = await localCoordinator(join(folder, 'runs'), {
    access: await openAccess({ tlsDir, tokensFile }, fail),
  });
  const bare = await openTlsFolder(await certificates.bare('bare'), fail);
  badges.set('no certificate', { tls: bare });
  for (const role of ROLES) {
    badges.set(`${role}’s certificate`, { tls: await openTlsFolder(await certificates.of(role, role), fail) });
    badges.set(`${role}’s token`, { tls: bare, token: await tokenFile(role, TOKENS[role] ?? '') });
  }
  const folderOf = async (of: Promise<string>) => ({ tls: await openTlsFolder(await of, fail) });
  badges.set('expired', await folderOf(certificates.expired('expired', 'admin')));
  badges.set('wrong CA', await folderOf(certificates.foreign('foreign', 'admin')));
  // A coordinator's, which is for servers.
  badges.set('no role', await folderOf(certificates.of('roleless', undefined)));
  badges.set('wrong token', { tls: bare, token: await tokenFile('wrong', 'x'.repeat(32)) });
});

afterAll(async () => {
  await coordinator.close();
  for (const { tls, token } of badges.values()) {
    tls?.close();
    token?.close();
  }
  await certificates.remove();
  await rm(folder, { recursive: true });
});

function fail(why: string): never {
  throw new Error(why);
}

async function tokenFile(name: string, token: string) {
  const path = join(folder, `${name}.token`);
  await writeFile(path, `${token}\n`);
  return openTokenFile(path, fail);
}

/** How the call ends: an empty message, then nothing more. */
async function outcome(who: string, path: string): Promise<{ code: status; details: string }> {
  const badge = badges.get(who);
  if (!badge) throw new Error(`there is no ${who}`);
  const { credentials, options } = dial(coordinator.address, badge);
  const client = new Client(coordinator.address, credentials, options);
  try {
    return await new Promise((resolve) => {
      const call = client.makeBidiStreamRequest(
        path,
        (bytes: Buffer) => bytes,
        (bytes) => bytes,
        {
          deadline: Date.now() + CELL_MS_MAX,
        },
      );
      // It was let in: some streams have no end.
      call.on('data', () => resolve({ code: status.OK, details: '' }));
      call.on('error', ({ code, details }: ServiceError) => resolve({ code, details }));
      call.on('end', () => resolve({ code: status.OK, details: '' }));
      call.write(Buffer.alloc(0));
      call.end();
    });
  } finally {
    client.close();
  }
}

const REFUSALS: readonly status[] = [status.UNAUTHENTICATED, status.PERMISSION_DENIED, status.UNAVAILABLE];

describe('the table', () => {
  it('has every RPC of the .proto files, and of gRPC’s own services', () => {
    const others = [...PERMISSIONS.keys()].filter((path) => !OUR_RPCS.includes(path));
    expect([...PERMISSIONS.keys()].filter((path) => path.startsWith('/ganglion.')).sort()).toEqual(
      [...OUR_RPCS].sort(),
    );
    expect(others.every((path) => path.startsWith('/grpc.'))).toBe(true);
  });

  it('is the README’s', async () => {
    const readme = await readFile(join(packageRoot(), 'README.md'), 'utf8');
    for (const [path, roles] of PERMISSIONS) {
      if (!path.startsWith('/ganglion.')) continue;
      const [service = '', method = ''] = path.replace('/ganglion.v1.', '').split('/');
      const row = readme
        .split('\n')
        .find((line) => line.startsWith('| ') && line.includes(`\`${service}\``) && line.includes(method));
      const found = ROLES.filter((_role, index) => row?.split('|').map((cell) => cell.trim())[index + 2] === '✓');
      expect([path, found]).toEqual([path, ROLES.filter((role) => roles.includes(role))]);
    }
  });
});

describe.each([...PERMISSIONS])('%s', (path, allowed) => {
  it.each(ROLES.flatMap((role) => [`${role}’s certificate`, `${role}’s token`].map((who) => [who, role] as const)))(
    '%s',
    async (who, role) => {
      const { code, details } = await outcome(who, path);
      if (allowed.includes(role)) {
        // Chaos is not allowed on this coordinator: that, too, is the coordinator's own answer.
        const own = code === status.PERMISSION_DENIED && /does not take faults on purpose/.test(details);
        expect(REFUSALS.includes(code) && !own, `${status[code]}: ${details}`).toBe(false);
      } else {
        expect([status[code], details]).toEqual([
          'PERMISSION_DENIED',
          expect.stringMatching(/has the role .+ is for .+\.$/),
        ]);
      }
    },
  );

  it.each([
    ['no certificate', /it showed no certificate\.$/],
    ['expired', /its certificate has expired\.$/],
    ['wrong CA', /its certificate is of a CA that is not trusted here\.$/],
    ['no role', /its certificate is not for clients\.$/],
    ['wrong token', /its token is not one of this coordinator’s\.$/],
  ])('%s', async (who, sentence) => {
    const { code, details } = await outcome(who, path);
    expect([status[code], details]).toEqual(['UNAUTHENTICATED', expect.stringMatching(sentence)]);
  });
});

it('an RPC that has no line is nobody’s', async () => {
  const { code } = await outcome('admin’s certificate', '/ganglion.v1.RunService/Nothing');
  expect(code).toBe(status.UNIMPLEMENTED);
});
