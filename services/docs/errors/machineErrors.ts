/** Pages of the codes that say: a machine, a disk, a file or a run is not as it should be. */
import type { ErrorPage } from './errorPage.ts';

export const MACHINE_ERRORS = {
  disk: {
    causes: [
      'The disk is full. A checkpoint is written beside the older ones and then takes its name, so none is half.',
      'The folder is not there, or belongs to somebody else.',
      'The disk does not keep up: records wait for the journal.',
    ],
    example: `$ npx ganglion report ./ring-3 --to nowhere/report.html
ganglion: nowhere/report.html cannot be written: ENOENT: no such file or directory, open 'nowhere/report.html.partial-4711'.
  Name a file in a folder that exists, with room and with your right to write.
  disk: docs/errors/disk.md`,
    steps: [
      '`df -h FOLDER` and `ls -ld FOLDER` tell the three apart.',
      'Make room: fewer checkpoints (`checkpoints.keep`), fewer snapshots, or old run folders moved away while no coordinator has them.',
      'A run that failed of it goes on from its newest checkpoint: `ganglion runs resume RUN`.',
      'A journal that waits wants another disk: `coordinator --data-dir` on a local one, not on a network’s.',
    ],
    near: {
      corrupt: 'it was written, and is no longer what was written.',
      'not-found': 'it is read, and is not there.',
    },
  },
  corrupt: {
    causes: [
      'A file was changed or cut since it was written: by a disk, a copy that broke off, a person.',
      'A download that is not the official file: its hash differs, and nothing of it was kept.',
      'A message that was changed on its way: it entered no sum, and is sent again.',
    ],
    example: `$ npx ganglion evaluate ./ring-2
ganglion: /home/ann/gan/ring-2/checkpoints/phase-000000040/state.safetensors has SHA-256 f58663774dca…, its manifest says bd809e90434c….
  Resume from an older checkpoint: \`ganglion runs resume RUN --from-phase N\`.
  corrupt: docs/errors/corrupt.md`,
    steps: [
      '`ganglion checkpoints verify RUN` reads every byte back and says which checkpoints are whole.',
      'Go on from one that is: `ganglion runs resume RUN --from-phase N`. It comes to the same weights, so nothing but time is lost.',
      'A journal or an event log: take a copy from a backup, or move the file away as the sentence says. Weights are not in it.',
      'Where it comes again, test the disk and the memory of that machine.',
    ],
    near: {
      dataset: 'it is a file of training data, which has no hash here.',
      'protocol-mismatch': 'the bytes are whole, and of a form that this version does not know.',
    },
  },
  dataset: {
    causes: [
      'A value that is no number, a picture that is cut, an array that ends too early: file, place and reason are named.',
      'Files that are not where `data.path` says, seen from the coordinator: it alone reads data.',
      'A split that has no samples: `data.holdOut`, or a folder `valid` or `test`.',
      'Classes that do not fit: a picture outside of every class’s folder, or a class that the training folder has not.',
    ],
    example: `$ npx ganglion data check -f points.yaml
ganglion: points.csv is no table of numbers: line 2, column 2: found "oops"; allowed: a number that a float32 holds.
  Mend the file, or data.separator, data.header and data.labelColumn.
  dataset: docs/errors/dataset.md`,
    steps: [
      'Look at the place that is named, and mend it or take that sample out.',
      '`ganglion data check -f run.yaml` reads all of it on this machine; `ganglion launch -f run.yaml --dry-run=server` has the coordinator look at its own.',
      'Public data sets again: `ganglion data download cifar10 --to FOLDER`. What was fetched whole stays.',
      '[Train on my own data](../my-own-data.md) has the forms that are read.',
    ],
    near: {
      'invalid-config': 'the config itself is wrong.',
      corrupt: 'it is a file that Ganglion wrote, or one with a known hash.',
    },
  },
  backend: {
    causes: [
      '`--backend cuda` on a machine without a GPU, or where the driver hides it from this process or container.',
      'The native library was never installed, or is for another CPU: `ganglion backend install` brings it.',
      'No compiler, no `pip`, or no room for the install.',
      'The compute thread ended: out of memory, on a GPU mostly.',
      '`compile: xla`, and XLA lacks an op of the networks or computes something else than op by op: the run has failed.',
    ],
    example: `$ npx ganglion worker --backend cuda
ganglion: The required backend cuda cannot be used: There is no NVIDIA GPU that this process can see.
  Use a machine with one and its driver.
  backend: docs/errors/backend.md`,
    steps: [
      '`ganglion doctor` says what was chosen, why not the better ones, and how to get each.',
      'Without `--backend` a worker takes the best there is. The bits depend on the kind of device, so a run waits for workers of one kind.',
      'In a container, look whether the GPU is given to it: `nvidia.com/gpu` in the pod, `CUDA_VISIBLE_DEVICES`.',
      'Out of memory: a smaller `batchSize`, or more `shards` on more workers.',
      'Where XLA cannot compute something, launch the run anew with `compile: auto`: its bits are others, so a run does not change over.',
    ],
    near: { disk: 'the library would fit this machine, and its disk has no room.' },
  },
  'run-failed': {
    causes: [
      'Somebody cancelled the run while a script waited for it.',
      'A gradient that is not finite, and `onNonFinite: stop`, the default.',
      'Replicas that differed a fourth time, or a disk that could not take a checkpoint.',
    ],
    example: `$ npx ganglion runs wait mnist-quick-2
ganglion: Waited for mnist-quick-2 to be completed; it is cancelled: A person asked to cancel. The checkpoint of phase 0 is on disk.
  See \`ganglion runs get mnist-quick-2\`.
  run-failed: docs/errors/run-failed.md`,
    steps: [
      'The sentence has the reason; `ganglion runs get RUN` has it too, with the checkpoints that are left.',
      'How it came to it is in the run folder: `events.jsonl`, `metrics.jsonl`, `non_finite_<phase>.json`; or in one file, `ganglion report RUN`.',
      'The cause is gone (a disk, a machine): `ganglion runs resume RUN`. It lies in the config: launch anew with another one, since the same gives the same bits.',
    ],
    near: {
      'wrong-state': 'the run completed, so what was waited for can no longer come.',
      aborted: 'the run goes on, and only the waiting ended.',
    },
  },
  aborted: {
    causes: [
      '`--timeout` was up before the run was where it was wanted. The run goes on.',
      'A signal: an install, a download or a call was stopped. What was whole is kept.',
      'In a worker’s log: its generation ended, since another worker joined or went. It takes part in the next.',
    ],
    example: `$ npx ganglion runs wait mnist-quick-1 --timeout 1
waiting for mnist-quick-1 to be completed
ganglion: Waited 1 s for mnist-quick-1 to be completed, in vain.
  Wait longer with --timeout SECONDS, or without end where it is left out.
  aborted: docs/errors/aborted.md`,
    steps: [
      'Nothing, where it was asked for; the same command again goes on where that is possible.',
      'Where a wait took too long: `ganglion runs get RUN` says what the run waits for. Often it is workers.',
      'Where workers’ generations end again and again: `ganglion runs watch RUN` shows who comes and goes, and [when a worker dies](../when-a-worker-dies.md) what that costs.',
    ],
    near: {
      'run-failed': 'the run itself ended.',
      unreachable: 'the other side is gone.',
    },
  },
} as const satisfies Record<string, ErrorPage>;
