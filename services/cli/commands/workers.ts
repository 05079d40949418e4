import { Command } from 'commander';
import type { WorkerView } from '../../report/runView.ts';
import { withClient } from '../client.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { formatOf, isForPeople, printOne, printRows } from '../output.ts';
import { namedWorker } from '../shortNames.ts';
import { workerColumns } from '../workerFields.ts';

export function workersCommand(console: Console): Command {
  const workers = new Command('workers').description('list and drain workers');
  workers
    .command('list')
    .description('every connected worker')
    .option('--watch', 'go on, with a row for each change')
    .addHelpText('after', examples('ganglion workers list', 'ganglion workers list -o wide'))
    .action(async ({ watch }: { watch?: boolean }, command: Command) => {
      const format = formatOf(command);
      const name = ({ workerId }: WorkerView) => workerId;
      await withClient(console, command, async (client) => {
        if (watch) {
          const { watchList } = await import('../listWatch.ts');
          return watchList(console, command, { look: () => client.listWorkers(), columns: workerColumns, name });
        }
        const all = await client.listWorkers();
        if (all.length === 0 && isForPeople(format)) return note(console, 'No worker is connected.');
        printRows(console, format, all, workerColumns(Date.now()), name);
      });
    });
  workers
    .command('drain <worker>')
    .description('ask a worker to finish its phase, hand over, and end; the runs go on without it')
    .option('--wait', 'until it is gone; --timeout bounds it')
    .addHelpText('after', examples('ganglion workers drain gpu-0', 'ganglion workers drain gpu-0 --wait'))
    .action(async (written: string, { wait }: { wait?: boolean }, command: Command) => {
      await withClient(console, command, async (client) => {
        const worker = await namedWorker(client, written);
        await client.drainWorker(worker.workerId);
        note(console, `${worker.workerId} was asked to leave.`);
        if (wait) {
          const { waitUntilGone } = await import('../waiting.ts');
          if (!(await waitUntilGone(console, command, client, worker))) return;
          note(console, `${worker.workerId} is gone.`);
        }
        const format = formatOf(command);
        if (!isForPeople(format)) printOne(console, format, worker, [], worker.workerId);
      });
    });
  return workers;
}
