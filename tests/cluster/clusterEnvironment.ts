/** What a person says of the cluster to test on. */
import { execFileSync } from 'node:child_process';

export interface ClusterEnvironment {
  /** Two names of the image: pods get the first, and the second when a new one is rolled out. */
  readonly images: readonly [string, string];
}

/**
 * KUBECONFIG names the cluster. GANGLION_IMAGES are two names of the image, say `ganglion:cpu ganglion:next`.
 * GANGLION_LOAD, where the cluster cannot pull them, is a command that brings $IMAGE into it: `kind load docker-image $IMAGE`.
 */
export function readClusterEnvironment(env: NodeJS.ProcessEnv = process.env): ClusterEnvironment {
  if (!env.KUBECONFIG) throw new Error('KUBECONFIG is not set: name the cluster to test on, which loses `ganglion`.');
  const [first, second, ...rest] = (env.GANGLION_IMAGES ?? '').split(' ').filter((name) => name !== '');
  if (first === undefined || second === undefined || rest.length > 0) {
    throw new Error('GANGLION_IMAGES: two names of the image are needed, say "ganglion:cpu ganglion:next".');
  }
  const { GANGLION_LOAD: load } = env;
  if (load) {
    for (const IMAGE of [first, second]) {
      execFileSync('/bin/sh', ['-c', load], { env: { ...env, IMAGE }, stdio: ['ignore', 'ignore', 'inherit'] });
    }
  }
  return { images: [first, second] };
}
