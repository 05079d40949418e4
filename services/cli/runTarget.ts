/** What a person means by RUN: a folder that is read where it lies, or a run of the coordinator. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import type { Command } from 'commander';
import type { RunsClient } from '../wire/client.ts';
import { saveArtifactUnder } from './artifactFile.ts';
import { withClient } from './client.ts';
import type { Console } from './console.ts';
import { namedRun } from './shortNames.ts';

/** Of all names of files in a run folder, those that are needed. */
export type Wanted = (names: readonly string[]) => readonly string[];

/**
 * Calls `use` with a run's folder. One of the coordinator's is read where it keeps it, or, where that is another machine, out
 * of a temporary copy of the wanted files.
 */
export async function withRunFolder<Value>(
  console: Console,
  command: Command,
  target: string,
  wanted: Wanted,
  use: (folder: string) => Promise<Value>,
): Promise<Value> {
  if (isFolder(target)) return use(target);
  return withClient(console, command, async (client) => {
    const { runId, folder } = await namedRun(client, target);
    if (existsSync(join(folder, 'checkpoints'))) return use(folder);
    const copy = await mkdtemp(join(tmpdir(), 'ganglion-run-'));
    try {
      await copyFiles(client, runId, wanted, copy);
      return await use(copy);
    } finally {
      await rm(copy, { recursive: true });
    }
  });
}

function isFolder(target: string): boolean {
  return (
    target.includes(sep) ||
    target === '.' ||
    target === '..' ||
    ['checkpoints', 'config.yaml'].some((name) => existsSync(join(target, name)))
  );
}

async function copyFiles(client: RunsClient, runId: string, wanted: Wanted, to: string): Promise<void> {
  const names = (await client.listArtifacts(runId)).map(({ name }) => name);
  for (const name of wanted(names)) await saveArtifactUnder(to, name, client.fetchArtifact(runId, name));
}

/** The config, and one checkpoint: of this phase, or the newest. */
export function oneCheckpoint(phase: number | undefined): Wanted {
  return (names) => {
    const chosen = phase ?? Math.max(...names.flatMap((name) => phaseOf(name) ?? []));
    return names.filter((name) => name === 'config.yaml' || phaseOf(name) === chosen);
  };
}

/** The config, and all checkpoints. */
export function allCheckpoints(names: readonly string[]): readonly string[] {
  return names.filter((name) => name === 'config.yaml' || phaseOf(name) !== undefined);
}

function phaseOf(name: string): number | undefined {
  const digits = /^checkpoints\/phase-(\d+)\//.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
