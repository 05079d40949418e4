import { Command } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { ArtifactView, RunView } from '../../report/runView.ts';
import { saveArtifact } from '../artifactFile.ts';
import { withClient } from '../client.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import type { RunSource } from '../followRun.ts';
import { pasteable } from '../leaving.ts';
import { type NatsFlags, natsAccess, natsFlags } from '../natsFlags.ts';
import { type Column, formatOf, isForPeople, printRows } from '../output.ts';
import { printRun, runColumns } from '../runFields.ts';
import { namedRun } from '../shortNames.ts';
import { bytes } from '../units.ts';
import type { WatchOptions } from '../watch.ts';
import { tellWritten } from '../written.ts';
import { steeringCommands } from './steering.ts';

export function runsCommand(console: Console): Command {
  const runs = new Command('runs').description('list, inspect and steer runs');
  listAndGet(console, runs);
  watch(console, runs);
  for (const command of steeringCommands(console)) runs.addCommand(command);
  fetch(console, runs);
  return runs;
}

function listAndGet(console: Console, runs: Command): void {
  runs
    .command('list')
    .description('every run, oldest first')
    .option('--watch', 'go on, with a row for each change')
    .addHelpText('after', examples('ganglion runs list', 'ganglion runs list -o wide', 'ganglion runs list -o name'))
    .action(async ({ watch }: { watch?: boolean }, command: Command) => {
      const format = formatOf(command);
      const name = ({ runId }: RunView) => runId;
      await withClient(console, command, async (client) => {
        if (watch) {
          const { watchList } = await import('../listWatch.ts');
          return watchList(console, command, { look: () => client.listRuns(), columns: runColumns, name });
        }
        const all = await client.listRuns();
        if (all.length === 0 && isForPeople(format)) return note(console, 'There are no runs yet.');
        printRows(console, format, all, runColumns(Date.now()), name);
      });
    });
  runs
    .command('get <run>')
    .description('one run in full')
    .addHelpText('after', examples('ganglion runs get mnist-quick-1', 'ganglion runs get mnist-quick-1 -o json'))
    .action(async (runId: string, _flags: object, command: Command) => {
      printRun(console, formatOf(command), await withClient(console, command, (client) => namedRun(client, runId)));
    });
}

interface WatchFlags extends NatsFlags {
  readonly json?: boolean;
  /** The first sequence to take from NATS. */
  readonly from?: number;
  readonly nats: string;
}

function parseNatsFrom(text: string): number {
  const sequence = /^nats(?::(\d{1,15}))?$/.exec(text);
  if (sequence) return Number(sequence[1] ?? 0);
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--from: found '${text}'; nats and nats:SEQUENCE are allowed.`,
    remedy: 'Write --from nats:120 for all from the event of sequence 120 on.',
  });
}

function watch(console: Console, runs: Command): void {
  const command = runs
    .command('watch <run>')
    .description('follow a run until it ends; the exit code is the run’s')
    .option('--json', 'print every event as a JSON line on stdout')
    .option('--from <source>', 'nats, or nats:SEQUENCE: replay from JetStream, without a coordinator', parseNatsFrom)
    .option('--nats <url>', 'the NATS server of --from', console.environment.natsUrl ?? 'nats://127.0.0.1:4222');
  natsFlags(command)
    .addHelpText(
      'after',
      examples(
        'ganglion runs watch mnist-quick-1',
        'ganglion runs watch mnist-quick-1 --json',
        'ganglion runs watch mnist-quick-1 --from nats:120',
      ),
    )
    .action(async (runId: string, flags: WatchFlags, command: Command) => {
      const { watchToEnd } = await import('../watch.ts');
      const as = flags.json ? 'jsonl' : formatOf(command);
      const follow = async (source: RunSource, runId: string, options: WatchOptions, ...words: string[]) => {
        const again = pasteable(command, 'runs', 'watch', runId, ...words);
        const state = await watchToEnd(console, source, runId, { as, again, ...options });
        if (as === 'name' && state !== undefined) console.stdout.write(`${runId}\n`);
      };
      if (flags.from === undefined) {
        return withClient(console, command, async (client) => {
          await follow(client, (await namedRun(client, runId)).runId, {}, ...(flags.json ? ['--json'] : []));
        });
      }
      const { natsRuns } = await import('../../telemetry/natsRuns.ts');
      const source = natsRuns({ servers: flags.nats, access: await natsAccess(flags) });
      const nats = [
        '--from',
        'nats',
        ...(command.getOptionValueSource('nats') === 'cli' ? ['--nats', flags.nats] : []),
      ];
      await follow(source, runId, { fromSequence: flags.from, name: 'NATS' }, ...nats);
    });
}

const ARTIFACT_COLUMNS: readonly Column<ArtifactView>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'SIZE', value: ({ sizeBytes }) => bytes(sizeBytes) },
];

function fetch(console: Console, runs: Command): void {
  runs
    .command('fetch <run> [name]')
    .description('copy a file of a run folder here; without a name, list them')
    .option('--to <file>', 'where to write it; - is stdout. Default: its own name')
    .addHelpText(
      'after',
      examples('ganglion runs fetch mnist-quick-1', 'ganglion runs fetch mnist-quick-1 reals.png --to /tmp/reals.png'),
    )
    .action(async (written: string, name: string | undefined, { to }: { to?: string }, command: Command) => {
      await withClient(console, command, async (client) => {
        const { runId } = await namedRun(client, written);
        if (name === undefined) {
          const files = await client.listArtifacts(runId);
          return printRows(console, formatOf(command), files, ARTIFACT_COLUMNS, (file) => file.name);
        }
        const chunks = client.fetchArtifact(runId, name);
        if (to === '-') {
          for await (const chunk of chunks) console.stdout.write(chunk);
          return;
        }
        const file = to ?? name.split('/').at(-1) ?? name;
        await saveArtifact(chunks, file);
        await tellWritten(console, command, [file]);
      });
    });
}
