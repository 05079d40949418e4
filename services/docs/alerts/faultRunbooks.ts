/** Runbooks of what breaks: processes, machines, disks, NATS. */
import type { Runbook } from './runbook.ts';

/** An increase over ten minutes. */
const OVER_AFTER_INCREASE = 'Ten minutes after the last one.';

export const FAULT_RUNBOOKS = {
  CoordinatorDown: {
    means:
      'Prometheus gets no answer from a target of `job="ganglion"`, or has no such target at all. No run trains meanwhile: workers stop at the phase boundary, keep their state and dial again.',
    look: [
      'The coordinator’s process or pod, and the end of its log: an exit code 137 is a kill, out of memory mostly.',
      '`ganglion runs list`: where it answers, the coordinator is well, and only its metrics port is not reached (`--http-host`, a network policy, the scrape’s `job` label).',
      'The disk of its data folder: without room or rights it does not start, and says so ([disk](../errors/disk.md)).',
    ],
    panels: { Fleet: ['Coordinators', 'Event loop lag, 99th percentile', 'Memory'] },
    steps: [
      'Start it again on the same data folder. Nothing else is needed: workers come back by themselves, and runs go on from the furthest phase that one of them holds.',
      'Do not start a second one on a copy of the folder: workers would be in two clusters.',
      'Where the machine is gone for good, move the data folder to another one, and the address that workers dial with it.',
    ],
    over: 'With the first scrape that is answered.',
  },
  RunStalled: {
    means:
      'A run has its workers (its state is starting, running or pausing), and its phase has not changed for five minutes, five minutes long: ten in all. A network whose phase takes longer wants another rule.',
    look: [
      '`ganglion runs get RUN`: *Why* names the worker that everybody waits for, and what that does.',
      '`ganglion workers list`: what each is doing.',
      'That worker’s machine: disk, swap, a stopped process (state `T` in `ps`), a GPU that hangs (`nvidia-smi`).',
    ],
    panels: { Run: ['State', 'A phase by part'], Fleet: ['Slowest workers', 'Faults'] },
    steps: [
      '`ganglion workers drain NAME` takes it out at a phase boundary, where there still is one.',
      'If it does not answer, kill its process: the others notice at once, repeat the phase under way, and go on.',
      'Where everybody is at work and a phase takes minutes, let more workers in, or make the batch smaller.',
    ],
    over: 'With the next phase.',
  },
  RunBelowMinWorkers: {
    means:
      'A run waits, since fewer workers of one device class are there than its `workers.min`. Its newest state is on disk, and nothing is lost.',
    look: [
      '`ganglion runs get RUN`: *Why* says how many it waits for, of which kind, and what those that are there do instead.',
      '`ganglion workers list`: who is connected, on what device, busy with what.',
      'On a cluster: `kubectl -n ganglion get pods`. A pod that is `Pending` wants more than a node has.',
    ],
    panels: { Run: ['State', 'Workers'], Fleet: ['Workers', 'Runs'] },
    steps: [
      'Start workers of the device class that it began with: the bits depend on it, so others do not count.',
      'Or end a run that holds them: `ganglion runs pause OTHER`; it goes on later, to the same bits.',
      'A run that may go on with fewer says so in its config, `workers: { min: 1, max: 4 }`; that one has to be launched anew.',
    ],
    over: 'When it trains, or is paused or cancelled.',
  },
  WorkerLost: {
    means:
      'A worker went in the last ten minutes without draining: killed, silent for longer than `--failure-detection`, or cut off. Runs go on without it, and no committed phase is lost.',
    look: [
      '`ganglion runs watch RUN`, or the marks in every curve: which one, when, and how its connection ended.',
      'Its log and exit code: 137 is a kill, out of memory mostly; on a cluster `kubectl -n ganglion describe pod NAME` says which.',
      'Its node: gone, drained, or cut off from the coordinator.',
    ],
    panels: { Fleet: ['Faults', 'Generations', 'Goodput', 'Workers'] },
    steps: [
      'One alone: nothing. A supervisor starts it again, and it joins at a phase boundary.',
      'Again and again: give it more memory, or take its machine out. The run leaves it out for longer each time, and goes on.',
      'All at once: look at the network, and at the coordinator’s event loop. Above a fifth of `--failure-detection` everybody seems silent.',
      'A planned stop is no loss: `ganglion workers drain NAME`, or SIGTERM and 20 seconds.',
    ],
    over: OVER_AFTER_INCREASE,
  },
  CheckpointStale: {
    means:
      'The newest checkpoint of a run that trains is older than an hour, and has been for 15 minutes. If every worker were lost now, that hour would be computed again; while one of them lives, nothing.',
    look: [
      '`ganglion checkpoints list RUN`: how far apart they are, and how large.',
      '`ganglion runs get RUN -o yaml`: `checkpoints.everyPhases` in its config, against the phases an hour of *Done*.',
      'The coordinator’s log and disk: a state that could not be stored is told there.',
    ],
    panels: {
      Run: ['Newest checkpoint', 'Done'],
      Fleet: [
        'Age of the newest checkpoint',
        'Time to store a checkpoint, 95th percentile',
        'Size of the newest checkpoint',
      ],
    },
    steps: [
      'Where they are rare by config, lower `checkpoints.everyPhases` at the next launch. For this run, `ganglion runs pause RUN --wait` and `resume` store one now.',
      'Where storing takes long, give the data folder a faster disk.',
      'Where the disk is full, make room ([disk](../errors/disk.md)).',
    ],
    over: 'With the next checkpoint, or when the run no longer trains.',
  },
  ProgressOutboxDropping: {
    means:
      'Events were dropped that NATS will never have: it was away for longer than the outbox holds phase events (1,024), or they are longer than it takes (`max_payload`). They are in the run folders, and training never waited.',
    look: [
      'The label `kind`: `phase` is an outage, mostly; anything else is an event that is too long.',
      'The coordinator’s log: when NATS went, and whether it refuses who calls (`--nats-creds`, `--nats-ca`).',
      'NATS itself: `nats server check connection`, `nats stream info GANGLION`.',
    ],
    panels: { Fleet: ['Progress on NATS'] },
    steps: [
      'Bring NATS back. All but phase events arrive then, over an outage of any length.',
      'Raise `max_payload` in its config where events are too long.',
      'Who needs the phases of the outage reads `metrics.jsonl`, by `ganglion runs fetch RUN metrics.jsonl`.',
    ],
    over: OVER_AFTER_INCREASE,
  },
} as const satisfies Record<string, Runbook>;
