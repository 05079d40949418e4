import { Command, Option } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { RunView } from '../../report/runView.ts';
import { withClient } from '../client.ts';
import { type ConfigFlags, configFromFlags, printConfig, withConfigFlags } from '../configFlags.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { pasteable } from '../leaving.ts';
import { formatOf } from '../output.ts';
import { printRun } from '../runFields.ts';

interface Flags extends ConfigFlags {
  watch?: boolean;
  wait?: boolean;
  dryRun?: 'client' | 'server';
  runId?: string;
}

export function launchCommand(console: Console): Command {
  const launch = new Command('launch').description(
    'launch a run from a YAML file, a preset, or both (a section of the file replaces the preset’s)',
  );
  return withConfigFlags(launch)
    .option('--run-id <name>', 'the run’s id; launched again with the same config, it gives the run that is there')
    .option('--watch', 'follow the run; the exit code is its own')
    .option('--wait', 'wait until it is completed, without showing it; the exit code is its own')
    .addOption(
      new Option(
        '--dry-run [who]',
        'check and print the resolved config, create nothing: client asks no coordinator, server has it look at its data',
      )
        .choices(['client', 'server'])
        .preset('client'),
    )
    .addHelpText(
      'after',
      examples(
        'ganglion launch --preset mnist-quick --watch',
        'ganglion launch -f run.yaml --set batchSize=64 --set generator.layers.0.units=128',
        'ganglion launch --preset mnist-quick --set phases=null --set epochs=3 --dry-run',
        'ganglion launch -f run.yaml --run-id nightly-41 --wait   # may be repeated: it never launches two',
        'ganglion launch -f run.yaml -o name   # only the new run’s name',
      ),
    )
    .action(async (flags: Flags, command: Command) => {
      const config = await configFromFlags(console, flags, 'launch');
      const { toYaml } = await import('../../config/resolve.ts');
      const { dryRun, runId } = flags;
      if (runId !== undefined) (await import('../../coordinator/namedLaunch.ts')).requireRunId(runId);
      if (dryRun === 'client') return printConfig(console, command, toYaml(config));
      await withClient(console, command, async (client) => {
        const created = await client.createRun(toYaml(config), dryRun === 'server', runId);
        if (dryRun === 'server') return printConfig(console, command, created.configYaml);
        if (runId !== undefined) requireAsked(runId, created);
        if (!flags.watch && !flags.wait) return printRun(console, formatOf(command), created);
        note(console, `launched ${created.runId} in ${created.folder}`);
        if (flags.watch) {
          const { watchToEnd } = await import('../watch.ts');
          const state = await watchToEnd(console, client, created.runId, {
            as: 'table',
            again: pasteable(command, 'runs', 'watch', created.runId),
          });
          if (state === undefined) return;
        } else {
          const { waitForRun } = await import('../waiting.ts');
          if (!(await waitForRun(console, command, client, created.runId, 'completed'))) return;
        }
        printRun(console, formatOf(command), await client.getRun(created.runId));
      });
    });
}

/** A coordinator of an older version knows nothing of run ids, and gives the run one of its own. */
function requireAsked(asked: string, { runId }: RunView): void {
  if (runId === asked) return;
  throw new GanglionError({
    code: 'protocol-mismatch',
    message: `The coordinator does not know --run-id: it launched ${runId} instead of ${asked}.`,
    remedy: `Use a coordinator of this version; \`ganglion runs cancel ${runId}\` ends what was launched.`,
  });
}
