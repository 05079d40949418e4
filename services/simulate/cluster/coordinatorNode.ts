/** The machine with the coordinator and its disk. */
import type { Logger } from 'pino';
import { Coordinator } from '../../coordinator/coordinator.ts';
import type { EventMetrics } from '../../coordinator/coreShell.ts';
import { journalRecordSchema } from '../../coordinator/journalRecord.ts';
import { restoreRuns } from '../../coordinator/restore.ts';
import type { RunJournal } from '../../coordinator/storage.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { Evaluator } from '../../evaluate/childEvaluator.ts';
import { Journal } from '../../journal/journal.ts';
import { Disk } from '../disk/disk.ts';
import { FakeRecordFile } from '../disk/fakeRecordFile.ts';
import { FakeStorage } from '../disk/fakeStorage.ts';
import { COORDINATOR } from '../network/calls.ts';
import type { Network } from '../network/network.ts';
import { serveCoordinator } from '../network/server.ts';
import { type Death, SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';

const RESTART_MS = 1_000;

export class CoordinatorNode {
  readonly disk: Disk;
  readonly #world: World;
  readonly #network: Network;
  readonly #log: Logger;
  #incarnation = 0;
  #process: SimulatedProcess | undefined;
  #coordinator: Coordinator | undefined;

  constructor(world: World, network: Network, log: Logger) {
    this.disk = new Disk(world);
    this.#world = world;
    this.#network = network;
    this.#log = log;
  }

  /** The process that lives here; it may not listen yet. */
  get process(): SimulatedProcess | undefined {
    return this.#process?.isAlive ? this.#process : undefined;
  }

  /** For people, who ask it: undefined while it does not listen. */
  get coordinator(): Coordinator | undefined {
    return this.process && !this.process.isStalled ? this.#coordinator : undefined;
  }

  start(): void {
    if (this.process) return;
    this.#incarnation += 1;
    const process = new SimulatedProcess(this.#world, COORDINATOR, this.#incarnation);
    this.#world.note(`${process.name} starts`);
    this.#process = process;
    this.#coordinator = undefined;
    process.onDeath((death: Death) => {
      if (death === 'machine') this.disk.lose();
    });
    this.#boot(process).catch((error) => {
      if (!process.isAlive) return;
      // It ends with a sentence about the disk, and its supervisor starts it again.
      if (error instanceof GanglionError && error.code === 'disk') {
        process.die('process');
        this.#world.timeline.after(RESTART_MS, 'a supervisor starts it again', () => this.start());
      } else {
        this.#world.checks.fail(`${process.name} did not start: ${error instanceof Error ? error.stack : error}`);
      }
    });
  }

  /** What `coordinator/main.ts` does, with simulated ports. */
  async #boot(process: SimulatedProcess): Promise<void> {
    const { timeline, scenario, dice } = this.#world;
    const { failureDetectionMs } = scenario;
    const log = this.#log.child({ process: process.name });
    const file = new FakeRecordFile(this.#world, this.disk, process);
    const { journal, records } = await Journal.over(file, journalRecordSchema);
    const storage = new FakeStorage(this.disk, process);
    const restored = await restoreRuns(records, { storage, failureDetectionMs, nowMs: timeline.nowMs, log });
    if (restored.length < new Set(records.map(({ runId }) => runId)).size) {
      this.#world.checks.fail(`${process.name} could not take up every run of its journal`);
    }
    const coordinator = new Coordinator(
      {
        coordinatorId: process.name,
        secret: `${process.name} ${dice.word()}`,
        failureDetectionMs,
        clock: {
          nowMs: () => timeline.nowMs,
          elapsedMs: () => timeline.nowMs,
          every: (ms, then) => process.every(ms, 'ticks', then),
        },
        journal: soonFull(journal),
        storage,
        outbox: undefined,
        metrics: NO_METRICS,
        evaluator: NO_EVALUATOR,
        log,
      },
      restored,
    );
    serveCoordinator(this.#world, this.#network, process, coordinator);
    this.#coordinator = coordinator;
  }
}

/** A few hundred appends lead to a compaction: a simulated run has no thousands. */
function soonFull(journal: RunJournal): RunJournal {
  return {
    get sizeBytes() {
      return 20 * journal.sizeBytes;
    },
    append: (record) => journal.append(record),
    compact: (records) => journal.compact(records),
    close: () => journal.close(),
  };
}

const NO_METRICS: EventMetrics = {
  workers: () => undefined,
  runs: () => undefined,
  runOpened: () => undefined,
  phaseReported: () => undefined,
  membershipChanged: () => undefined,
  picturesCompared: () => undefined,
  alarmChanged: () => undefined,
  evaluated: () => undefined,
  faultMet: () => undefined,
  checkpointWritten: () => undefined,
};

/** Simulated runs have no evaluation. */
export const NO_EVALUATOR: Evaluator = {
  evaluate: async () => ({ type: 'failed', why: 'nothing is measured here.' }),
  close: async () => undefined,
};
