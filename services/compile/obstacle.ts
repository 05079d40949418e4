/** Where computations are compiled. */
import type { RunConfig } from '../config/runConfig.ts';
import type { Device } from '../report/runView.ts';

/** Why a replica computes op by op on this backend; undefined where it compiles. */
export function compileObstacle(kind: Device['backend'], wish: RunConfig['compile']): string | undefined {
  if (wish === 'off') return 'the config says compile: off';
  switch (kind) {
    case 'tensorflow':
      return undefined;
    case 'cuda':
      return 'a session is fed through the host, and the weights would be part of that';
    case 'wasm':
    case 'cpu':
      return 'only libtensorflow has sessions';
  }
}
