/** Pages of the codes that say: this cannot be asked. Nothing was started, and nothing changed. */
import type { ErrorPage } from './errorPage.ts';

export const ASKED_ERRORS = {
  'invalid-config': {
    causes: [
      'A misspelt field, in the file or in `--set`: the nearest one is named.',
      'A value outside of its range, or of another type: what is allowed stands behind `allowed:`.',
      'Layers that do not fit: what D takes is what the data and G give, in number and shape.',
      'Fields that exclude each other, as `workers.max` below `workers.min`.',
    ],
    example: `$ npx ganglion launch --preset mnist-quick --set batchsize=64 --set generator.layers.0.units=0
ganglion: preset mnist-quick with --set: generator.layers[0].units: found 0; allowed: a whole number above 0 and at most 65536. batchsize: unknown field; did you mean 'batchSize'?
  See \`ganglion config schema\` for every field, its meaning and its bounds.
  invalid-config: docs/errors/invalid-config.md`,
    steps: [
      'Read all of the sentence: every problem of the config is in it, each behind the path of its field.',
      '`ganglion config explain FIELD` says what a field may be and means; [the run config](../config.md) has all of them.',
      '`ganglion config validate run.yaml` looks again, networks and data included, and launches nothing.',
    ],
    near: {
      'invalid-argument': 'the flag itself is wrong, not what stands in the config.',
      dataset: 'the config is right, and the files that it names are not.',
    },
  },
  'invalid-argument': {
    causes: [
      'A flag with a value of another form: phases, seconds, ports, sizes.',
      'A variable of the environment (`GANGLION_…`) that has one; it is named.',
      'A file that a flag names and that has another form: a token that is too short, a config that is no YAML.',
    ],
    example: `$ npx ganglion trace mnist-quick-1 --phases 9-7
ganglion: --phases: found '9-7'; A-B, or how many of the next, from 1 to 100000 phases, are allowed.
  Write --phases 1000-1019, or --phases 20 for the next 20.
  invalid-argument: docs/errors/invalid-argument.md`,
    steps: [
      'Write it as the second line shows.',
      '`--help` behind any command has its flags, what they take, and examples; [commands](../commands.md) is the same as one page.',
      'Where no such flag was given, look at `env | grep GANGLION_`, and at `ganglion context list`.',
    ],
    near: {
      'invalid-config': 'the value belongs to the run config, also where `--set` brought it.',
      'not-found': 'the form is right, and nothing of that name is there.',
    },
  },
  'not-found': {
    causes: [
      'A typing error in the name of a run, a worker or a context: the nearest one is named.',
      'Another coordinator than the one that has the run: `--coordinator`, `GANGLION_COORDINATOR` or the current context decides.',
      'A checkpoint that is no longer kept (`checkpoints.keep`), or samples of a run that has not begun.',
      'A folder that is no run folder: it needs `config.yaml` and `checkpoints/`.',
    ],
    example: `$ npx ganglion runs get mnist-quik-1
ganglion: There is no run 'mnist-quik-1'.
  Did you mean 'mnist-quick-1'?
  not-found: docs/errors/not-found.md`,
    steps: [
      'List what is there: `ganglion runs list`, `ganglion workers list`, `ganglion checkpoints list RUN`.',
      '`ganglion context list` shows which coordinator was asked; its runs are in the folder that it was given by `--data-dir`.',
      'A run folder on this machine is named by its path, with a slash: `ganglion sample ./runs/mnist-quick-1`.',
    ],
    near: {
      unreachable: 'nobody answered at all.',
      dataset: 'it is a file of training data that is missing.',
    },
  },
  'already-exists': {
    causes: [
      '`launch --run-id` with the id of a run that has another config: the fields that differ are named. With the same config it gives the run that is there.',
      'A second coordinator on one data folder, or one that was killed a moment ago on another machine and still holds the lock.',
      'A folder in the data folder with the run’s name that the journal does not know: copied there by hand.',
      '`ganglion tls init` where there is a CA: what it has signed would count for nothing.',
    ],
    example: `$ npx ganglion launch --preset mnist-quick --set seed=2 --run-id mnist-quick-1
ganglion: Run 'mnist-quick-1' is there with another config; what differs: seed.
  Choose another --run-id, or look at it with \`ganglion runs get mnist-quick-1\`.
  already-exists: docs/errors/already-exists.md`,
    steps: [
      'Decide which of the two is meant. Nothing is overwritten, so both ways are open.',
      'The run that is there: `ganglion runs get RUN`. A new one: another `--run-id`, or none, and the coordinator numbers it.',
      'For a data folder: stop the process that the sentence names, or give the new coordinator `--data-dir` and ports of its own.',
    ],
    near: {
      'port-in-use': 'the two coordinators have folders of their own, and share a port.',
      'wrong-state': 'the run is the right one, and cannot be asked this now.',
    },
  },
  'wrong-state': {
    causes: [
      'A run that has ended is asked to pause or to go on, or one that runs to resume.',
      '`ganglion trace` of a run that does not train, of phases that are over, or while another trace of it goes on.',
      '`runs wait --for=phase=N` of a run that has completed before that phase.',
    ],
    example: `$ npx ganglion runs pause mnist-quick-2
ganglion: Run 'mnist-quick-2' is cancelled; only a run that is queued, starting, running, waiting can be asked to pause.
  See \`ganglion runs get\` for what it is doing.
  wrong-state: docs/errors/wrong-state.md`,
    steps: [
      '`ganglion runs get RUN` has the state, and the sentence that explains it.',
      'A run that is paused, failed or cancelled goes on with `ganglion runs resume RUN`; a completed one can only be launched anew, with more phases.',
      'In scripts, wait for the state first: `ganglion runs wait RUN --for=paused`.',
    ],
    near: {
      'run-failed': 'something waited for the run, and it ended otherwise.',
      refused: 'it would be refused in any state.',
    },
  },
} as const satisfies Record<string, ErrorPage>;
