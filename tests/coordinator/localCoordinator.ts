/** A silent coordinator in the test's own process, on free ports of loopback. */
import { type CoordinatorOptions, type RunningCoordinator, startCoordinator } from '../../services/coordinator/main.ts';
import { createLog } from '../../services/telemetry/log.ts';

export function localCoordinator(
  dataDir: string,
  options: Partial<CoordinatorOptions> = {},
): Promise<RunningCoordinator> {
  return startCoordinator({
    ...{ host: '127.0.0.1', port: 0, httpHost: '127.0.0.1', httpPort: 0, natsUrl: undefined, dataDir },
    log: createLog({ name: 'coordinator', level: 'silent', readable: false }),
    superseded: () => {
      throw new Error(`another coordinator took ${dataDir} over`);
    },
    ...options,
  });
}
