/** kubectl on the cluster that KUBECONFIG names. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** In Ganglion's namespace. Throws with kubectl's own words. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  const all = ['--namespace', 'ganglion', ...args];
  const { stdout } = await promisify(execFile)('kubectl', all, { maxBuffer: OUTPUT_BYTES_MAX });
  return stdout.trim();
}

/** The node of each pod of a component, by the pod's name. */
export async function nodesOf(component: 'coordinator' | 'worker'): Promise<ReadonlyMap<string, string>> {
  const rows = '{range .items[*]}{.metadata.name} {.spec.nodeName}{"\\n"}{end}';
  const selector = `app.kubernetes.io/component=${component}`;
  const text = await kubectl('get', 'pods', '--selector', selector, '--output', `jsonpath=${rows}`);
  return new Map(text.split('\n').map((row) => row.split(' ') as [string, string]));
}

export async function ready(component: 'coordinator' | 'worker'): Promise<void> {
  await kubectl('rollout', 'status', `statefulset/ganglion-${component}`, '--timeout=300s');
}

/** Nothing of Ganglion is left on the cluster. */
export async function clear(): Promise<void> {
  await kubectl('delete', 'namespace', 'ganglion', '--ignore-not-found', '--wait');
}
