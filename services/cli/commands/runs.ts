import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import type { RunView } from '../../report/runView.ts';
import { withClient } from '../client.ts';
import { type Console, note } from '../console.ts';
import { exitCodeOfState } from '../exitCode.ts';
import { integer } from '../integer.ts';
import { type Format, outputOption, printOne, printRows } from '../output.ts';
import { describeRun, runColumns } from '../runFields.ts';
import { bytes } from '../units.ts';
import { watchRun } from '../watch.ts';

interface Output {
  output: Format;
}

export function runsCommand(console: Console): Command {
  const runs = new Command('runs').description('list, inspect and steer runs');
  runs
    .command('list')
    .description('every run, oldest first')
    .addOption(outputOption())
    .action(async ({ output }: Output, command: Command) => {
      const all = await withClient(command, (client) => client.listRuns());
      if (all.length === 0 && (output === 'table' || output === 'wide')) return note(console, 'There are no runs yet.');
      printRows(console, output, all, runColumns(Date.now()), (run) => run.runId);
    });
  runs
    .command('get <run>')
    .description('one run in full')
    .addOption(outputOption())
    .action(async (runId: string, { output }: Output, command: Command) => {
      printRun(console, output, await withClient(command, (client) => client.getRun(runId)));
    });
  runs
    .command('watch <run>')
    .description('follow a run until it ends; the exit code is the run’s')
    .option('--json', 'print every event as a JSON line on stdout')
    .action(async (runId: string, { json }: { json?: boolean }, command: Command) => {
      await withClient(command, async (client) => {
        if (json) {
          for await (const event of client.watchRun(runId, 0)) console.stdout.write(`${JSON.stringify(event)}\n`);
          console.exitCode = exitCodeOfState((await client.getRun(runId)).state);
        } else {
          console.exitCode = exitCodeOfState(await watchRun(console, client, runId));
        }
      });
    });
  steer(console, runs, 'pause', 'stop a run at a phase boundary and keep its state', 'pauseRun');
  steer(console, runs, 'cancel', 'end a run for good, keeping its newest checkpoint', 'cancelRun');
  runs
    .command('resume <run>')
    .description('go on with a paused, failed or cancelled run, bit-exact')
    .option('--from-phase <n>', 'from this checkpoint instead of the newest', integer('--from-phase', { min: 0, max: 2 ** 48 }))
    .option('--dry-run', 'only show the run')
    .addOption(outputOption())
    .action(async (runId: string, flags: Output & { fromPhase?: number; dryRun?: boolean }, command: Command) => {
      const run = await withClient(command, (client) =>
        flags.dryRun ? client.getRun(runId) : client.resumeRun(runId, flags.fromPhase),
      );
      printRun(console, flags.output, run);
    });
  runs
    .command('fetch <run> [name]')
    .description('copy a file of a run folder here; without a name, list them')
    .option('--to <file>', 'where to write it; - is stdout. Default: its own name')
    .addOption(outputOption())
    .action(async (runId: string, name: string | undefined, flags: Output & { to?: string }, command: Command) => {
      await withClient(command, async (client) => {
        if (name === undefined) {
          const files = await client.listArtifacts(runId);
          const columns = [
            { title: 'NAME', value: (file: (typeof files)[number]) => file.name },
            { title: 'SIZE', value: (file: (typeof files)[number]) => bytes(file.sizeBytes) },
          ];
          return printRows(console, flags.output, files, columns, (file) => file.name);
        }
        const source = client.fetchArtifact(runId, name);
        if (flags.to === '-') {
          for await (const chunk of source) process.stdout.write(chunk);
          return;
        }
        const to = flags.to ?? name.split('/').at(-1) ?? name;
        await pipeline(Readable.from(source), createWriteStream(to));
        note(console, `wrote ${to}`);
      });
    });
  return runs;
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
    .addOption(outputOption())
    .action(async (runId: string, flags: Output & { dryRun?: boolean }, command: Command) => {
      const run = await withClient(command, (client) => (flags.dryRun ? client.getRun(runId) : client[call](runId)));
      printRun(console, flags.output, run);
    });
}

function printRun(console: Console, format: Format, run: RunView): void {
  printOne(console, format, run, describeRun(run, Date.now()), run.runId);
}
