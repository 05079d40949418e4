/** Where computations are compiled. */
import type { RunConfig } from '../config/runConfig.ts';
import type { Device } from '../report/runView.ts';

/** Why a replica computes op by op on this backend; undefined where it compiles. */
export function compileObstacle(kind: Device['backend'], wish: RunConfig['compile']): string | undefined {
  if (wish === 'off') return 'the config says compile: off';
  return hasGraphs(kind) ? undefined : 'only libtensorflow has graphs';
}

/** Whether a backend computes what a run asks of it: op by op stands in for a graph of the same bits, and never for XLA. */
export function canHonour(kind: Device['backend'], wish: RunConfig['compile']): boolean {
  return wish !== 'xla' || hasGraphs(kind);
}

function hasGraphs(kind: Device['backend']): boolean {
  switch (kind) {
    case 'tensorflow':
    case 'cuda':
      return true;
    case 'wasm':
    case 'cpu':
      return false;
  }
}
