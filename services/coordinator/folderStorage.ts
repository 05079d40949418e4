/** Runs' folders on the real disk, beside each other in the data folder. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { RunEventLog } from '../telemetry/eventLog.ts';
import { RunFiles } from './runFiles.ts';
import type { RunStorage } from './storage.ts';

export class FolderStorage implements RunStorage {
  readonly #dataDir: string;
  readonly #histories = new Map<string, RunEventLog>();

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

  async open(runId: string, folder: string, config: RunConfig): Promise<RunFiles> {
    const files = await RunFiles.open(runId, folder, config);
    this.#histories.set(runId, files.history);
    return files;
  }

  /** Of a run that was opened: for NATS, which needs more of it than the coordinator. */
  historyOf(runId: string): RunEventLog {
    return must(this.#histories.get(runId), `history of run ${runId}`);
  }
}
