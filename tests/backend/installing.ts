/** Installs into fake sites, which are removed after each test. */
import { afterEach } from 'vitest';
import { installBackend } from '../../services/backend/install.ts';
import type { Site } from '../../services/backend/site.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { type FakeSite, makeFakeSite } from './fakeSite.ts';

const made: FakeSite[] = [];

export function fake(version?: string): FakeSite {
  const site = makeFakeSite(version);
  made.push(site);
  return site;
}

afterEach(() => {
  for (const site of made.splice(0)) site.remove();
});

export function install(site: Site, options: { from?: string; gpu?: boolean; log?: (line: string) => void } = {}) {
  return installBackend({ gpu: options.gpu ?? false, from: options.from, log: options.log ?? (() => {}) }, site);
}

export async function refusal(work: Promise<unknown>): Promise<GanglionError> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof GanglionError) return error;
  throw new Error('expected a GanglionError', { cause: error });
}
