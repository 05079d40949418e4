/** `runs pause | resume | cancel | wait`. */
import { Command } from 'commander';
import type { RunState } from '../../report/runEvent.ts';
import type { RunView } from '../../report/runView.ts';
import type { RunsClient } from '../../wire/client.ts';
import { withClient } from '../client.ts';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';
import { integer } from '../integer.ts';
import { formatOf } from '../output.ts';
import { printRun } from '../runFields.ts';
import { namedRun } from '../shortNames.ts';

interface Verb {
  readonly name: string;
  readonly description: string;
  /** What --wait waits for. */
  readonly goal: RunState;
  readonly examples?: readonly string[];
  call(client: RunsClient, runId: string, flags: { fromPhase?: number }): Promise<RunView>;
}

export function steeringCommands(console: Console): Command[] {
  const resume = steer(console, {
    name: 'resume',
    description: 'go on with a paused, failed or cancelled run, bit-exact',
    goal: 'running',
    examples: ['ganglion runs resume mnist-quick-1 --from-phase 500'],
    call: (client, runId, { fromPhase }) => client.resumeRun(runId, fromPhase),
  }).option(
    '--from-phase <n>',
    'from this checkpoint instead of the newest',
    integer('--from-phase', { min: 0, max: 2 ** 48 }),
  );
  return [
    steer(console, {
      name: 'pause',
      description: 'stop a run at a phase boundary and keep its state',
      goal: 'paused',
      call: (client, runId) => client.pauseRun(runId),
    }),
    steer(console, {
      name: 'cancel',
      description: 'end a run for good, keeping its newest checkpoint',
      goal: 'cancelled',
      call: (client, runId) => client.cancelRun(runId),
    }),
    resume,
    waitCommand(console),
  ];
}

function steer(console: Console, verb: Verb): Command {
  const { name, goal } = verb;
  return new Command(name)
    .description(verb.description)
    .argument('<run>')
    .option('--wait', `until it is ${goal}; --timeout bounds it`)
    .option('--dry-run', 'only show the run')
    .addHelpText(
      'after',
      examples(
        `ganglion runs ${name} mnist-quick-1`,
        `ganglion runs ${name} mnist-quick-1 --wait`,
        ...(verb.examples ?? []),
      ),
    )
    .action(
      async (written: string, flags: { dryRun?: boolean; wait?: boolean; fromPhase?: number }, command: Command) => {
        const run = await withClient(console, command, async (client) => {
          const named = await namedRun(client, written);
          if (flags.dryRun) return named;
          const asked = await verb.call(client, named.runId, flags);
          if (!flags.wait) return asked;
          const { waitForRun } = await import('../waiting.ts');
          return waitForRun(console, command, client, named.runId, goal);
        });
        if (run) printRun(console, formatOf(command), run);
      },
    );
}

function waitCommand(console: Console): Command {
  return new Command('wait')
    .description('wait until a run is in a state or at a phase; exit code 3 where it fails or is cancelled before')
    .argument('<run>')
    .option('--for <goal>', 'a state, such as running or paused, or phase=N', 'completed')
    .addHelpText(
      'after',
      examples(
        'ganglion runs wait mnist-quick-1',
        'ganglion runs wait mnist-quick-1 --for=phase=500 --timeout 60   # exit code 1 where it takes longer',
      ),
    )
    .action(async (written: string, flags: { for: string }, command: Command) => {
      const { parseGoal, waitForRun } = await import('../waiting.ts');
      const goal = parseGoal(flags.for);
      const run = await withClient(console, command, async (client) => {
        const { runId } = await namedRun(client, written);
        return waitForRun(console, command, client, runId, goal);
      });
      if (run) printRun(console, formatOf(command), run);
    });
}
