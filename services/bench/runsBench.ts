/** Images a second of a whole run: a coordinator, worker processes as `ganglion worker` starts them, MNIST. */
import { toYaml } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { Device } from '../report/runView.ts';
import { startWorkers, withCluster } from './cluster.ts';
import { endOfAny } from './leftovers.ts';
import { benchConfig } from './networks.ts';
import { type MeasuredTime, measureRates, type RunRates } from './phaseRates.ts';

export interface RunsBench extends RunRates {
  readonly workers: number;
  readonly device: Device;
}

/** Throws `backend` where a worker cannot start or ends, and `run-failed` where the run stops by itself. */
export async function benchRun(workers: number, backend: RunConfig['backend'], time: MeasuredTime): Promise<RunsBench> {
  return withCluster(async (cluster) => {
    const { client } = cluster;
    const { children, views } = await startWorkers(cluster, workers, backend);
    const { runId } = await client.createRun(toYaml(benchConfig({ workers, backend })), false);
    const rates = await Promise.race([measureRates(client.watchRun(runId, 0), time), endOfAny(children)]);
    return { workers, device: must(views[0], 'worker').device, ...rates };
  });
}
