import { Command } from 'commander';
import { withClient } from '../client.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { formatOf, printRows } from '../output.ts';
import { workerColumns } from '../workerFields.ts';

export function workersCommand(console: Console): Command {
  const workers = new Command('workers').description('list and drain workers');
  workers
    .command('list')
    .description('every connected worker')
    .addHelpText('after', examples('ganglion workers list', 'ganglion workers list -o wide'))
    .action(async (_flags: object, command: Command) => {
      const all = await withClient(command, (client) => client.listWorkers());
      const format = formatOf(command);
      if (all.length === 0 && (format === 'table' || format === 'wide'))
        return note(console, 'No worker is connected.');
      printRows(console, format, all, workerColumns(Date.now()), (worker) => worker.workerId);
    });
  workers
    .command('drain <worker>')
    .description('ask a worker to finish its phase, hand over, and end; the runs go on without it')
    .addHelpText('after', examples('ganglion workers drain gpu-0'))
    .action(async (workerId: string, _flags: object, command: Command) => {
      await withClient(command, (client) => client.drainWorker(workerId));
      note(console, `${workerId} was asked to leave.`);
    });
  return workers;
}
