/** Faults on purpose: only on a coordinator that was started with --allow-chaos. */
import { FAULT_KINDS, type FaultKind } from '../control/messages.ts';
import { GanglionError } from '../errors/ganglionError.ts';

export interface Chaos {
  /** Ends this process, with no time to clean up. */
  kill(): void;
}

/** What is asked for. Throws `invalid-argument` for a fault that there is not. */
export function faultOf(workerId: string, kind: string): FaultKind | 'coordinator' {
  if (workerId === '' && kind === 'kill') return 'coordinator';
  const fault = FAULT_KINDS.find((one) => one === kind);
  if (fault && workerId !== '') return fault;
  const allowed = workerId === '' ? 'kill' : FAULT_KINDS.join(', ');
  throw new GanglionError({
    code: 'invalid-argument',
    message: `fault: found '${kind}' for ${workerId === '' ? 'the coordinator' : `worker ${workerId}`}; allowed: ${allowed}.`,
    remedy: 'Choose one of them.',
  });
}

export function chaosForbidden(): GanglionError {
  return new GanglionError({
    code: 'refused',
    message: 'This coordinator does not take faults on purpose.',
    remedy: 'On a cluster that may break, start coordinator and workers with --allow-chaos.',
  });
}

export function noSuchWorker(workerId: string): GanglionError {
  return new GanglionError({
    code: 'not-found',
    message: `There is no worker '${workerId}'.`,
    remedy: 'See `ganglion workers list` for those that are connected.',
  });
}
