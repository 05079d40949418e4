/** A worker as a row of a table. */
import type { WorkerView } from '../report/runView.ts';
import type { Column } from './output.ts';
import { age, bytes } from './units.ts';

export function workerColumns(nowMs: number): Column<WorkerView>[] {
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
