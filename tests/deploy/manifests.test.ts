/** Proves that every overlay and component is what a strict API server takes, and keeps our rules for pods and networks. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { parseYaml, resolveRunConfig } from '../../services/config/resolve.ts';
import { roleUri } from '../../services/security/role.ts';
import { type Container, podsOf } from './pods.ts';
import { deploy, manifestTools, problemsOf, type Resource, render, resourcesOf } from './render.ts';

/** Every component on an overlay that it is meant for. */
const RENDERINGS = {
  local: { overlay: 'local', components: [] },
  'local with NATS': { overlay: 'local', components: ['nats'] },
  'local as an Indexed Job': { overlay: 'local', components: ['indexed-job'] },
  'production-cpu': { overlay: 'production-cpu', components: [] },
  'production-gpu': { overlay: 'production-gpu', components: [] },
  'production-cpu with cert-manager, watched': {
    overlay: 'production-cpu',
    components: ['cert-manager', 'prometheus-operator', 'grafana-dashboards', 'nats'],
  },
  'production-gpu by DRA, as a JobSet': { overlay: 'production-gpu', components: ['dra', 'jobset'] },
  'production-gpu as a TrainJob': { overlay: 'production-gpu', components: ['trainjob'] },
} as const;

/** `worker/main.ts`: a drain ends by itself after so long. */
const DRAIN_SECONDS_MAX = 20;

let tools: Awaited<ReturnType<typeof manifestTools>>;
beforeAll(async () => {
  tools = await manifestTools();
}, 300_000);

describe.each(Object.entries(RENDERINGS))('%s', (_, { overlay, components }) => {
  let manifests = '';
  let resources: Resource[] = [];
  beforeAll(() => {
    manifests = render(tools, overlay, [...components]);
    resources = resourcesOf(manifests);
  });
  const containers = (): [string, Container][] =>
    podsOf(resources).flatMap(({ owner, containers }) =>
      containers.map((one) => [`${owner}, ${one.name}`, one] as [string, Container]),
    );

  it('is valid to the last field', () => {
    expect(problemsOf(tools, manifests)).toEqual([]);
  });

  it('every container has no right, a read-only root, and limits', () => {
    for (const [where, { securityContext, resources: room, volumeMounts = [] }] of containers()) {
      expect(securityContext, where).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      for (const kind of ['cpu', 'memory', 'ephemeral-storage']) {
        expect(room?.limits, where).toHaveProperty([kind]);
        expect(room?.requests, where).toHaveProperty([kind]);
      }
      // Node and TensorFlow write somewhere, and the root is not for it.
      if (/worker|coordinator/.test(where)) expect(volumeMounts.map(({ mountPath }) => mountPath)).toContain('/tmp');
    }
  });

  it('every pod runs as nobody, under seccomp, without a token, and has time to drain', () => {
    for (const { owner, spec } of podsOf(resources)) {
      expect(spec.securityContext, owner).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 65532,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(spec.automountServiceAccountToken, owner).toBe(false);
      expect(spec.priorityClassName, owner).toMatch(/^ganglion-/);
      expect(spec.terminationGracePeriodSeconds, owner).toBeGreaterThan(DRAIN_SECONDS_MAX);
      const account = resources.find(
        ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === spec.serviceAccountName,
      );
      expect(account, owner).toMatchObject({ automountServiceAccountToken: false });
    }
  });

  it('every service is probed, by HTTP', () => {
    for (const [where, container] of containers()) {
      if (container.args?.[0] === 'runs') continue;
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'] as const) {
        expect(container[probe], where).toHaveProperty('httpGet.port', 'http');
      }
    }
  });

  it('the namespace is restricted, and its network closed but for what is named', () => {
    const namespace = resources.find(({ kind }) => kind === 'Namespace');
    expect(namespace?.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    const policies = resources.filter(({ kind }) => kind === 'NetworkPolicy');
    const closed = policies.find(({ metadata }) => metadata.name === 'default-deny');
    expect(closed?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    for (const { owner, labels } of podsOf(resources)) {
      const opened = policies.filter(({ spec }) => {
        const wanted = Object.entries(spec.podSelector.matchLabels ?? {});
        return wanted.length > 0 && wanted.every(([label, value]) => labels[label] === value);
      });
      expect(opened.length, `${owner}: no policy lets anybody in or out`).toBeGreaterThan(0);
    }
  });

  it('asks the program for flags and variables that it has', () => {
    const environment = readFileSync(join(packageRoot(), 'services', 'config', 'environment.ts'), 'utf8');
    for (const [where, { image, args = [], env = [] }] of containers()) {
      if (!image.startsWith('ganglion:')) continue;
      const ours = env.filter(({ name }) => name.startsWith('GANGLION_'));
      for (const { name } of ours) expect(environment, where).toMatch(new RegExp(`env\\.${name}\\b`));
      const help = helpOf(args[0] === 'runs' ? args.slice(0, 2) : args.slice(0, 1));
      for (const flag of args.filter((arg) => arg.startsWith('--'))) expect(help, where).toContain(`${flag} `);
    }
  });
});

describe('the manifests', () => {
  it('in production nothing is insecure, and everything that talks has certificates', () => {
    for (const overlay of ['production-cpu', 'production-gpu']) {
      for (const { owner, containers } of podsOf(resourcesOf(render(tools, overlay)))) {
        for (const { args, env } of containers) {
          expect(args, owner).not.toContain('--insecure');
          expect(env, owner).toContainEqual({ name: 'GANGLION_TLS_DIR', value: '/tls' });
        }
      }
    }
  });

  it('a worker on a GPU takes one device and nothing less', () => {
    const pods = podsOf(resourcesOf(render(tools, 'production-gpu')));
    const worker = pods.flatMap(({ containers }) => containers).find(({ name }) => name === 'worker');
    expect(worker).toMatchObject({ image: 'ganglion:gpu', resources: { limits: { 'nvidia.com/gpu': '1' } } });
    expect(worker?.args?.slice(-2)).toEqual(['--backend', 'cuda']);
    const byDra = podsOf(resourcesOf(render(tools, 'production-gpu', ['dra'])));
    const claiming = byDra.flatMap(({ containers }) => containers).find(({ name }) => name === 'worker');
    expect(claiming?.resources).toMatchObject({ claims: [{ name: 'gpu' }] });
    expect(claiming?.resources?.limits).not.toHaveProperty(['nvidia.com/gpu']);
  });

  it('a finite run is made of the workers that it replaces', () => {
    const worker = podsOf(resourcesOf(render(tools, 'production-gpu'))).flatMap(({ containers }) => containers)[1];
    for (const [form, kind] of Object.entries({
      'indexed-job': 'Job',
      jobset: 'JobSet',
      trainjob: 'TrainingRuntime',
    })) {
      const resources = resourcesOf(render(tools, 'production-gpu', [form]));
      const pod = podsOf(resources).find(({ owner }) => owner.startsWith(`${kind} `));
      expect(pod?.containers[0]).toEqual({ ...worker, restartPolicy: 'Always' });
      expect(pod?.containers[1]?.args?.slice(0, 2)).toEqual(['runs', 'watch']);
      const names = resources.map((one) => `${one.kind} ${one.metadata.name}`);
      expect(names).not.toContain('StatefulSet ganglion-worker');
      expect(names).not.toContain('PodDisruptionBudget ganglion-worker');
    }
  });

  it('cert-manager makes every secret that a pod mounts, for the name that workers dial and the role that they have', () => {
    const resources = resourcesOf(render(tools, 'production-cpu', ['cert-manager', 'indexed-job']));
    const certificates = new Map(
      resources.flatMap(({ kind, spec }) => (kind === 'Certificate' ? [[spec.secretName, spec]] : [])),
    );
    for (const { owner, spec } of podsOf(resources)) {
      for (const { secret } of spec.volumes) {
        if (secret) expect(certificates.has(secret.secretName), `${owner}: ${secret.secretName}`).toBe(true);
      }
    }
    expect(certificates.get('ganglion-coordinator-tls')).toMatchObject({
      dnsNames: expect.arrayContaining(['ganglion-coordinator', 'localhost']),
      usages: expect.arrayContaining(['server auth']),
    });
    // Its pods work, and follow the run.
    expect(certificates.get('ganglion-worker-tls')?.uris).toEqual([roleUri('worker'), roleUri('client')]);
    expect(certificates.get('ganglion-client-tls')?.uris).toEqual([roleUri('client')]);
  });

  it('what watches the runs is put beside them', () => {
    const resources = resourcesOf(render(tools, 'production-cpu', ['prometheus-operator', 'grafana-dashboards']));
    const monitor = resources.find(({ kind }) => kind === 'PodMonitor');
    const [coordinator] = podsOf(resources);
    expect(coordinator?.labels).toMatchObject(monitor?.spec.selector.matchLabels);
    for (const { kind, metadata } of resources) {
      if (!['Namespace', 'PriorityClass'].includes(kind))
        expect(metadata, kind).toHaveProperty('namespace', 'ganglion');
    }
    const dashboards = resources.find(({ metadata }) => metadata.labels?.grafana_dashboard === '1');
    expect(dashboards?.kind).toBe('ConfigMap');
  });

  it('run configs in the ConfigMap are valid', () => {
    const folder = join(deploy, 'base', 'runs');
    for (const file of readdirSync(folder)) {
      const config = resolveRunConfig(parseYaml(readFileSync(join(folder, file), 'utf8'), file), file);
      expect(`${config.name}.yaml`).toBe(file);
    }
  });

  it('what a strict API server refuses is found', () => {
    const bad = render(tools, 'local', ['jobset', 'cert-manager', 'prometheus-operator'])
      .replace('secretName: ganglion-client-tls', 'secretNam: ganglion-client-tls')
      .replace('podMetricsEndpoints:', 'podMetricEndpoints:')
      .replace('completionMode: Indexed', 'completionMod: Indexed')
      .replace('kind: PriorityClass', 'kind: PriorityKlass')
      .replace('publishNotReadyAddresses: true', 'publishNotReadyAddresses: "yes"')
      .replace('terminationGracePeriodSeconds: 30', 'terminationGraceSeconds: 30');
    expect(problemsOf(tools, bad)).toEqual([
      expect.stringMatching(/^Service ganglion-worker: spec.publishNotReadyAddresses: 'yes' is not of type/),
      'PriorityKlass ganglion-coordinator: there is no schema of it',
      expect.stringMatching(/^StatefulSet ganglion-coordinator: .*'terminationGraceSeconds' was unexpected/),
      "Certificate ganglion-client: spec: 'secretName' is a required property",
      expect.stringMatching(/^Certificate ganglion-client: spec: .*'secretNam' was unexpected/),
      'JobSet ganglion-run: .spec.replicatedJobs[0].template.spec.completionMod is unknown',
      expect.stringMatching(/^PodMonitor ganglion-coordinator: spec: .*'podMetricEndpoints' was unexpected/),
    ]);
  });
});

const helps = new Map<string, string>();

function helpOf(words: readonly string[]): string {
  const program = join(packageRoot(), 'dist', 'services', 'cli', 'main.js');
  const command = words.join(' ');
  const known = helps.get(command);
  if (known !== undefined) return known;
  const { status, stdout } = spawnSync(process.execPath, [program, ...words, '--help'], { encoding: 'utf8' });
  expect(status, `ganglion ${command} --help`).toBe(0);
  helps.set(command, stdout);
  return stdout;
}
