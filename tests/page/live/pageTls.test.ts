/** Proves that beyond loopback the page speaks to browsers with a certificate of the cluster's CA alone. */
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openAccess } from '../../../services/coordinator/access.ts';
import type { RunningCoordinator } from '../../../services/coordinator/main.ts';
import { localCoordinator } from '../../coordinator/localCoordinator.ts';
import { Certificates } from '../../security/certificates.ts';

let certificates: Certificates;
let coordinator: RunningCoordinator;
let port: string;

beforeAll(async () => {
  certificates = await Certificates.make();
  coordinator = await localCoordinator(join(certificates.folder, 'runs'), {
    page: { host: '0.0.0.0', port: 0 },
    access: await openAccess({ tlsDir: await certificates.of('coordinator', undefined) }, () => undefined),
  });
  port = coordinator.pageAddress?.split(':').at(-1) ?? '';
});
afterAll(async () => {
  await coordinator.close();
  await rm(certificates.folder, { recursive: true });
});

async function statusFor(folder: string): Promise<number | undefined> {
  const read = (name: string) => readFile(join(folder, name)).catch(() => undefined);
  const [ca, cert, key] = await Promise.all([read('ca.crt'), read('tls.crt'), read('tls.key')]);
  const request = get(`https://127.0.0.1:${port}/`, { ca, cert, key, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

it('answers who shows a certificate of the CA', async () => {
  expect(await statusFor(await certificates.of('anna', 'client'))).toBe(200);
});

it('lets nobody else in', async () => {
  for (const folder of [
    await certificates.bare('nobody'),
    await certificates.foreign('eve', 'client'),
    await certificates.expired('late', 'client'),
  ]) {
    await expect(statusFor(folder)).rejects.toThrow();
  }
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});
