/** Proves that certificates are taken as they are renewed: whole ones, soon, also behind a Kubernetes secret's link. */
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openTlsFolder, type TlsFolder } from '../../services/security/tlsFolder.ts';
import { until } from '../wire/listen.ts';
import { Certificates } from './certificates.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await Certificates.make();
});
afterAll(() => certificates.remove());

async function opened(folder: string): Promise<{ tls: TlsFolder; said: string[] }> {
  const said: string[] = [];
  const tls = await openTlsFolder(folder, (why) => said.push(why));
  onTestFinished(() => tls.close());
  return { tls, said };
}

const shown = ({ current }: TlsFolder) => current.own?.certificate.toString();

describe('a TLS folder', () => {
  it('is taken anew when its files are', async () => {
    const folder = await certificates.of('one', 'worker');
    const { tls, said } = await opened(folder);
    const before = shown(tls);
    await certificates.renew(folder, await certificates.of('next', 'worker'));
    await until(() => shown(tls) !== before);
    expect(said).toEqual([]);
  });

  it('is taken anew when the link above it goes elsewhere, as kubelet renews a secret', async () => {
    const folder = join(certificates.folder, 'secret');
    await mkdir(folder);
    await symlink(await certificates.of('first', 'worker'), join(folder, '..data'));
    for (const name of ['tls.crt', 'tls.key', 'ca.crt']) await symlink(join('..data', name), join(folder, name));
    const { tls, said } = await opened(folder);
    const before = shown(tls);
    await symlink(await certificates.of('second', 'worker'), join(folder, '..new'));
    await rename(join(folder, '..new'), join(folder, '..data'));
    await until(() => shown(tls) !== before);
    expect(said).toEqual([]);
  });

  it('stays what it was while a renewal is half done, says so, and takes the whole', async () => {
    const folder = await certificates.of('half', 'worker');
    const { tls, said } = await opened(folder);
    const before = shown(tls);
    const next = await certificates.of('whole', 'worker');
    await rm(join(folder, 'tls.key'));
    await until(() => said.length > 0);
    expect(said).toEqual([`There is no ${folder}/tls.key. What was read before holds.`]);
    expect(shown(tls)).toBe(before);
    await writeFile(join(folder, 'tls.key'), 'nothing');
    await until(() => said.length > 1);
    expect(said[1]).toMatch(/tls\.key is no private key/);
    await certificates.renew(folder, next);
    await until(() => shown(tls) !== before);
    expect(said).toHaveLength(2);
  });

  it.each([
    ['ca.crt', /There is no .+ca\.crt\.$/],
    ['tls.crt', /There is no .+tls\.crt\.$/],
    ['tls.key', /There is no .+tls\.key\.$/],
  ])('without %s is refused at the start, with what such a folder is', async (name, sentence) => {
    const folder = await certificates.of(`without-${name}`, 'worker');
    await rm(join(folder, name));
    await expect(openTlsFolder(folder, () => undefined)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: expect.stringMatching(sentence),
      remedy: expect.stringContaining('ganglion tls init'),
    });
  });

  it('with somebody else’s key is refused', async () => {
    const folder = await certificates.of('mixed', 'worker');
    await certificates.of('other', 'worker');
    await rm(join(folder, 'tls.key'));
    await symlink(join(certificates.folder, 'other', 'tls.key'), join(folder, 'tls.key'));
    await expect(openTlsFolder(folder, () => undefined)).rejects.toThrow(/tls\.key is not the key of .+tls\.crt/);
  });
});
