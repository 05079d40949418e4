/**
 * Proves, without a cluster, that the pages' blocks for Kubernetes ask for what there is: folders that can be rendered, objects and
 * ports of theirs, flags of kubectl where it is here, and run configs. `npm run test:cluster` follows them on a cluster.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { parseYaml, resolveRunConfig } from '../../services/config/resolve.ts';
import { shellBlocks } from '../docs/shellBlocks.ts';
import { podsOf } from './pods.ts';
import { manifestTools, type Resource, render, resourcesOf } from './render.ts';

/** Without what a shell makes of it: a comment, a job in the background. */
const COMMANDS = shellBlocks()
  .filter(({ text }) => /^ *(kubectl|docker build) /m.test(text))
  .flatMap(({ page, text }) =>
    text
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) =>
        line
          .replace(/ +#.*$/, '')
          .replace(/ & *$/, '')
          .trim(),
      )
      .filter((command) => /^(kubectl|docker build|npx ganglion launch) /.test(command))
      .map((command) => ({ page, command })),
  );
const kubectl = () => spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' }).status === 0;

let resources: Resource[];
beforeAll(async () => {
  const tools = await manifestTools();
  resources = resourcesOf(render(tools, 'local', ['nats']));
}, 300_000);

it('the pages have such commands, and those of the README are those of their page', () => {
  expect(COMMANDS.length).toBeGreaterThan(10);
  const of = (page: string) => COMMANDS.filter((one) => one.page === page).map(({ command }) => command);
  expect(of('docs/on-kubernetes.md').slice(0, of('README.md').length)).toEqual(of('README.md'));
});

describe.each(COMMANDS)('$page: $command', ({ command }) => {
  it('names files that are there', () => {
    const [, folder] = / -k (\S+)/.exec(command) ?? [];
    if (folder !== undefined) expect(existsSync(join(packageRoot(), folder, 'kustomization.yaml'))).toBe(true);
    const [, file] = / -f (\S+)/.exec(command) ?? [];
    if (file !== undefined) expect(existsSync(join(packageRoot(), file))).toBe(true);
    const [, target] = / --target (\S+)/.exec(command) ?? [];
    if (target !== undefined)
      expect(readFileSync(join(packageRoot(), 'deploy', 'Dockerfile'), 'utf8')).toMatch(
        new RegExp(` AS ${target}$`, 'm'),
      );
    if (command.startsWith('npx ganglion')) {
      const text = readFileSync(join(packageRoot(), file ?? ''), 'utf8');
      expect(() => resolveRunConfig(parseYaml(text, file ?? ''), file ?? '')).not.toThrow();
    }
  });

  it('names objects, and ports of theirs', () => {
    const [, kind, name, port] = /\b(statefulset|service)\/(\S+)(?: (\d+))?/.exec(command) ?? [];
    const found = resources.find((one) => one.kind.toLowerCase() === kind && one.metadata.name === name);
    if (kind !== undefined) expect(found, `${kind}/${name}`).toBeDefined();
    const ports: number[] = (found?.spec?.ports ?? []).map((one: { port: number }) => one.port);
    if (port !== undefined) expect(ports).toContain(Number(port));
    const [, pod, ordinal] = /\b(ganglion-\w+)-(\d+)\b/.exec(command) ?? [];
    const owner = podsOf(resources).find((one) => one.owner === `StatefulSet ${pod}`);
    if (pod !== undefined) expect(owner, `${pod}-${ordinal}`).toBeDefined();
  });
});

describe.runIf(kubectl())('kubectl', () => {
  const own = COMMANDS.map(({ command }) => command.split(' -- ')[0] ?? '').filter((one) => one.startsWith('kubectl '));
  it.each(own)('knows every flag of: %s', (command) => {
    // Of a command with a wrong flag it gives no help.
    const env = { ...process.env, role: 'worker' };
    const { status, stderr } = spawnSync('sh', ['-c', `${command} --help`], { encoding: 'utf8', env });
    expect(status, stderr).toBe(0);
  });
});
