/** Where computations are compiled. */
import type { RunConfig } from '../config/runConfig.ts';
import type { Device } from '../report/runView.ts';

/** Why a replica computes op by op on this backend; undefined where it compiles. */
export function compileObstacle(kind: Device['backend'], wish: RunConfig['compile']): string | undefined {
  if (wish === 'off') return 'the config says compile: off';
  switch (kind) {
    case 'tensorflow':
    case 'cuda':
      return undefined;
    case 'wasm':
    case 'cpu':
      return 'only libtensorflow has graphs';
  }
}
