import { Command } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { ArtifactView } from '../../report/runView.ts';
import { saveArtifact } from '../artifactFile.ts';
import { withClient } from '../client.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { integer } from '../integer.ts';
import { type NatsFlags, natsAccess, natsFlags } from '../natsFlags.ts';
import { type Column, formatOf, printRows } from '../output.ts';
import { printRun, runColumns } from '../runFields.ts';
import { bytes } from '../units.ts';

export function runsCommand(console: Console): Command {
  const runs = new Command('runs').description('list, inspect and steer runs');
  listAndGet(console, runs);
  watch(console, runs);
  steer(console, runs, 'pause', 'stop a run at a phase boundary and keep its state', 'pauseRun');
  steer(console, runs, 'cancel', 'end a run for good, keeping its newest checkpoint', 'cancelRun');
  resume(console, runs);
  fetch(console, runs);
  return runs;
}

function listAndGet(console: Console, runs: Command): void {
  runs
    .command('list')
    .description('every run, oldest first')
    .addHelpText('after', examples('ganglion runs list', 'ganglion runs list -o wide', 'ganglion runs list -o name'))
    .action(async (_flags: object, command: Command) => {
      const all = await withClient(command, (client) => client.listRuns());
      const format = formatOf(command);
      if (all.length === 0 && (format === 'table' || format === 'wide')) return note(console, 'There are no runs yet.');
      printRows(console, format, all, runColumns(Date.now()), (run) => run.runId);
    });
  runs
    .command('get <run>')
    .description('one run in full')
    .addHelpText('after', examples('ganglion runs get mnist-quick-1', 'ganglion runs get mnist-quick-1 -o json'))
    .action(async (runId: string, _flags: object, command: Command) => {
      printRun(console, formatOf(command), await withClient(command, (client) => client.getRun(runId)));
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
      const asLines = flags.json === true || ['json', 'jsonl'].includes(formatOf(command));
      if (flags.from !== undefined) {
        const { natsRuns } = await import('../../telemetry/natsRuns.ts');
        const source = natsRuns({ servers: flags.nats, access: await natsAccess(flags) });
        await watchToEnd(console, source, runId, { json: asLines, fromSequence: flags.from, name: 'NATS' });
        return;
      }
      await withClient(command, (client) => watchToEnd(console, client, runId, { json: asLines }));
    });
}

function steer(
  console: Console,
  runs: Command,
  verb: string,
  description: string,
  call: 'pauseRun' | 'cancelRun',
): void {
  runs
    .command(`${verb} <run>`)
    .description(description)
    .option('--dry-run', 'only show the run')
    .addHelpText('after', examples(`ganglion runs ${verb} mnist-quick-1`))
    .action(async (runId: string, flags: { dryRun?: boolean }, command: Command) => {
      const run = await withClient(command, (client) => (flags.dryRun ? client.getRun(runId) : client[call](runId)));
      printRun(console, formatOf(command), run);
    });
}

function resume(console: Console, runs: Command): void {
  runs
    .command('resume <run>')
    .description('go on with a paused, failed or cancelled run, bit-exact')
    .option(
      '--from-phase <n>',
      'from this checkpoint instead of the newest',
      integer('--from-phase', { min: 0, max: 2 ** 48 }),
    )
    .option('--dry-run', 'only show the run')
    .addHelpText(
      'after',
      examples('ganglion runs resume mnist-quick-1', 'ganglion runs resume mnist-quick-1 --from-phase 500'),
    )
    .action(async (runId: string, flags: { fromPhase?: number; dryRun?: boolean }, command: Command) => {
      const run = await withClient(command, (client) =>
        flags.dryRun ? client.getRun(runId) : client.resumeRun(runId, flags.fromPhase),
      );
      printRun(console, formatOf(command), run);
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
    .action(async (runId: string, name: string | undefined, { to }: { to?: string }, command: Command) => {
      await withClient(command, async (client) => {
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
        note(console, `wrote ${file}`);
      });
    });
}
