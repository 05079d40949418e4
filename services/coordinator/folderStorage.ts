/** Runs' folders on the real disk, beside each other in the data folder. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { requireUnbegun } from './namedLaunch.ts';
import { RunFiles } from './runFiles.ts';
import type { RunStorage } from './storage.ts';

export class FolderStorage implements RunStorage {
  readonly #dataDir: string;
  readonly #runs = new Map<string, RunFiles>();

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  check(config: RunConfig) {
    return RunFiles.check(config);
  }

  folderOf(runId: string): string {
    return join(this.#dataDir, runId);
  }

  taken(): Promise<readonly string[]> {
    return readdir(this.#dataDir);
  }

  requireUnbegun(runId: string): Promise<void> {
    return requireUnbegun(runId, this.folderOf(runId));
  }

  async open(runId: string, folder: string, config: RunConfig): Promise<RunFiles> {
    const files = await RunFiles.open(runId, folder, config);
    this.#runs.set(runId, files);
    return files;
  }

  /** A run that was opened: for those who tell of it elsewhere, and need more of it than the coordinator. */
  runOf(runId: string): RunFiles {
    return must(this.#runs.get(runId), `files of run ${runId}`);
  }
}
