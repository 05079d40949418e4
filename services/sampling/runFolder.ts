/** A run's folder as tools read it: its config, and which checkpoint is meant. Writes nothing. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { configSha256 } from '../config/configHash.ts';
import { parseYaml, resolveRunConfig } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';

export interface RunFolder {
  readonly folder: string;
  readonly config: RunConfig;
  /**
   * Of the config as it was written: what checkpoints name. It is not that of `config` where a later Ganglion, which has more
   * fields, reads the run.
   */
  readonly configSha256: string;
  /** The phase of the checkpoint folder that was named; undefined for a run folder. */
  readonly phase: number | undefined;
}

/** @param where a run folder, or a checkpoint's folder in one. Throws `not-found` for what is neither. */
export async function openRunFolder(where: string): Promise<RunFolder> {
  const path = resolve(where);
  const checkpoint = /^phase-(\d{9,})$/.exec(basename(path))?.[1];
  const folder = checkpoint === undefined ? path : dirname(dirname(path));
  const file = join(folder, 'config.yaml');
  const written = parseYaml(await readConfig(file, where), file);
  return {
    folder,
    config: resolveRunConfig(written, file),
    configSha256: configSha256(written as RunConfig),
    phase: checkpoint === undefined ? undefined : Number(checkpoint),
  };
}

async function readConfig(file: string, where: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new GanglionError({
      code: 'not-found',
      message: `${where} is not a run folder: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      remedy: 'Name a run folder, which has config.yaml and checkpoints/, or a checkpoints/phase-… folder in one.',
      cause: error,
    });
  }
}
