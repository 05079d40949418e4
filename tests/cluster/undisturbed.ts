/** What a run on the cluster is compared with. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../integration/cluster.ts';

const POLL_MS = 500;

/** The hash of the weights that a run ends with on this machine, by one worker that nobody disturbs. */
export async function undisturbed(config: string): Promise<string> {
  const here = await Cluster.start();
  try {
    await here.addWorkers(['alone']);
    const runId = await here.launch(config);
    for (;;) {
      const { state, weightsSha256 } = await here.client.getRun(runId);
      if (state === 'completed') return weightsSha256;
      await sleep(POLL_MS);
    }
  } finally {
    await here.stop();
  }
}
