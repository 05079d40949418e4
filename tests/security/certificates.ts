/** A cluster's certificates, made once a test file: as `ganglion tls` makes them, and as they should not be. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, type Identity, issue } from '../../services/security/authority.ts';
import type { Role } from '../../services/security/role.ts';

const DAY_MS = 86_400_000;

export class Certificates {
  readonly folder: string;
  readonly #authority: Identity;

  static async make(): Promise<Certificates> {
    return new Certificates(await mkdtemp(join(tmpdir(), 'ganglion-tls-')), await createAuthority('test', 30));
  }

  private constructor(folder: string, authority: Identity) {
    this.folder = folder;
    this.#authority = authority;
  }

  /** A folder for --tls-dir. */
  async of(
    name: string,
    role: Role | undefined,
    { by = this.#authority, from = new Date(), days = 1 }: { by?: Identity; from?: Date; days?: number } = {},
  ): Promise<string> {
    const own = await issue(
      by,
      { name, roles: role ? [role] : [], hosts: role && role !== 'worker' ? [] : ['localhost', '127.0.0.1'], days },
      from,
    );
    return this.#write(name, own);
  }

  /** Ended yesterday. */
  expired(name: string, role: Role): Promise<string> {
    return this.of(name, role, { from: new Date(Date.now() - 3 * DAY_MS), days: 2 });
  }

  /** Signed by somebody else's CA; the holder trusts the cluster's. */
  async foreign(name: string, role: Role): Promise<string> {
    return this.of(name, role, { by: await createAuthority('somebody else', 30) });
  }

  /** Trusts the CA, and shows nothing. */
  bare(name: string): Promise<string> {
    return this.#write(name, undefined);
  }

  /** Puts what another folder has into this one, as a renewal does. */
  async renew(folder: string, from: string): Promise<void> {
    await cp(from, folder, { recursive: true });
  }

  /** Another CA that takes over from this one, in folders that are in use. */
  async successor() {
    const authority = await createAuthority('the next one', 30);
    return {
      trust: (folder: string, whom: 'both' | 'new') =>
        writeFile(join(folder, 'ca.crt'), (whom === 'both' ? this.#authority.certificate : '') + authority.certificate),
      sign: async (folder: string, role: Role | undefined) => {
        const wish = { name: 'renewed', roles: role ? [role] : [], hosts: ['127.0.0.1'], days: 1 };
        const { certificate, key } = await issue(authority, wish);
        await writeFile(join(folder, 'tls.key'), key);
        await writeFile(join(folder, 'tls.crt'), certificate);
      },
    };
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  async #write(name: string, own: Identity | undefined): Promise<string> {
    const folder = join(this.folder, name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'ca.crt'), this.#authority.certificate);
    if (own) {
      await writeFile(join(folder, 'tls.crt'), own.certificate);
      await writeFile(join(folder, 'tls.key'), own.key);
    }
    return folder;
  }
}
