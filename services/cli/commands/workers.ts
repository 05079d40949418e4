import { Command } from 'commander';
import type { WorkerView } from '../../report/runView.ts';
import { withClient } from '../client.ts';
import { type Console, note } from '../console.ts';
import { type Column, type Format, outputOption, printRows } from '../output.ts';
import { age, bytes } from '../units.ts';

export function workersCommand(console: Console): Command {
  const workers = new Command('workers').description('look at the workers');
  workers
    .command('list')
    .description('every connected worker')
    .addOption(outputOption())
    .action(async ({ output }: { output: Format }, command: Command) => {
      const all = await withClient(command, (client) => client.listWorkers());
      if (all.length === 0 && (output === 'table' || output === 'wide')) return note(console, 'No worker is connected.');
      printRows(console, output, all, workerColumns(Date.now()), (worker) => worker.workerId);
    });
  return workers;
}

function workerColumns(nowMs: number): Column<WorkerView>[] {
  return [
    { title: 'NAME', value: (worker) => worker.workerId },
    { title: 'BACKEND', value: (worker) => worker.device.backend },
    { title: 'THREADS', value: (worker) => String(worker.device.intraOpThreads) },
    { title: 'RUN', value: (worker) => worker.runId || '–' },
    { title: 'PHASE', value: (worker) => (worker.runId ? String(worker.phase) : '–') },
    { title: 'ACTIVITY', value: (worker) => worker.activity },
    { title: 'DEVICE CLASS', wide: true, value: (worker) => worker.device.deviceClass },
    { title: 'HOST', wide: true, value: (worker) => `${worker.hostname} (${worker.pid})` },
    { title: 'MEMORY', wide: true, value: (worker) => bytes(worker.device.memoryBytes) },
    { title: 'NODE', wide: true, value: (worker) => worker.device.runtime },
    { title: 'AGE', value: (worker) => age(worker.connectedAtMs, nowMs) },
  ];
}
