/** The folders of `ganglion tls`: one for the CA, which stays with a person, and one for each that it has signed. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../checkpoint/durableFile.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { createAuthority, type Identity, issue, type Wish } from './authority.ts';
import { TLS_FILES } from './tlsFolder.ts';

const CA_FOLDER = 'ca';
const CA_KEY = 'ca.key';

/** Longer than what it signs; `ganglion tls init` of another folder makes the next one. */
const CA_DAYS = 3650;

const SECRET = 0o600;

/** Makes the CA. Throws `already-exists` where the folder has one: what it has signed would count for nothing. */
export async function initAuthority(folder: string): Promise<void> {
  const authority = await createAuthority('Ganglion CA', CA_DAYS);
  const place = join(folder, CA_FOLDER);
  await makeFolder(place, 0o700);
  await write(join(place, CA_KEY), authority.key, SECRET);
  await write(join(place, TLS_FILES.ca), authority.certificate, 0o644);
}

/** Makes FOLDER/NAME with what --tls-dir takes. Throws `already-exists`, or `not-found` where there is no CA. */
export async function issueInto(folder: string, wish: Wish): Promise<string> {
  const authority = await readAuthority(folder);
  const { certificate, key } = await issue(authority, wish);
  const place = join(folder, wish.name);
  await makeFolder(place, 0o700);
  await write(join(place, TLS_FILES.key), key, SECRET);
  await write(join(place, TLS_FILES.certificate), certificate, 0o644);
  await write(join(place, TLS_FILES.ca), authority.certificate, 0o644);
  return place;
}

async function readAuthority(folder: string): Promise<Identity> {
  const at = (name: string) => join(folder, CA_FOLDER, name);
  try {
    const [certificate, key] = await Promise.all([at(TLS_FILES.ca), at(CA_KEY)].map((path) => readFile(path, 'utf8')));
    return { certificate: certificate ?? '', key: key ?? '' };
  } catch (error) {
    throw new GanglionError({
      code: 'not-found',
      message: `There is no CA in ${folder}: ${(error as Error).message}.`,
      remedy: `Make one with \`ganglion tls init ${folder}\`.`,
      cause: error,
    });
  }
}

async function write(path: string, text: string, mode: number): Promise<void> {
  try {
    await writeFile(path, text, { mode, flag: 'wx' });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new GanglionError({
      code: exists ? 'already-exists' : 'disk',
      message: exists ? `There is a ${path} already.` : `${path} cannot be written: ${(error as Error).message}.`,
      remedy: 'Remove it yourself if nothing needs it any more, or name another folder.',
      cause: error,
    });
  }
}
