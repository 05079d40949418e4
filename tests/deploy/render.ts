/** The manifests as a cluster gets them: rendered by the real kustomize, and judged by strict schemas. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { must } from '../../services/errors/invariant.ts';

export interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: manifests of thirty kinds, which the schemas have judged.
  readonly spec?: any;
}

interface ManifestTools {
  readonly render: readonly [string, string];
  readonly python: string;
  readonly definitions: string;
}

export const deploy = join(packageRoot(), 'deploy');

/** Found in the cache where `npm test` put them; a bare `vitest` brings them likewise. */
export async function manifestTools(): Promise<ManifestTools> {
  const module = pathToFileURL(join(packageRoot(), 'services', 'cli', 'bootstrap', 'manifestTools.mjs')).href;
  const { provisionManifestTools } = (await import(module)) as {
    provisionManifestTools(): Promise<ManifestTools | undefined>;
  };
  return must(await provisionManifestTools(), 'tools for manifests: see the line above');
}

/** An overlay with components on top, as a user's own kustomization would have them. */
export function render({ render: [program, verb] }: ManifestTools, overlay: string, components: string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), 'ganglion-overlay-'));
  try {
    const list = (paths: string[]) => `[${paths.map((path) => relative(folder, join(deploy, path))).join(', ')}]`;
    const lines = [
      'kind: Kustomization',
      `resources: ${list([`overlays/${overlay}`])}`,
      `components: ${list(components.map((name) => `components/${name}`))}`,
    ];
    writeFileSync(join(folder, 'kustomization.yaml'), lines.join('\n'));
    const { status, stdout, stderr } = spawnSync(program, [verb, folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${overlay} with ${components} cannot be rendered:\n${stderr}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a strict API server would refuse, a sentence each. */
export function problemsOf({ python, definitions }: ManifestTools, manifests: string): string[] {
  const script = join(packageRoot(), 'tests', 'deploy', 'validate.py');
  const { status, stdout, stderr } = spawnSync(python, [script, definitions], { input: manifests, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n').filter((line) => line !== '');
}

export function resourcesOf(manifests: string): Resource[] {
  return parseAllDocuments(manifests).map((document) => document.toJS() as Resource);
}
