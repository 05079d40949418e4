/** A kustomization of a user's own: what it is made of, and an image that the cluster has. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { kubectl } from './kubectl.ts';

export class Overlay {
  readonly folder = mkdtempSync(join(tmpdir(), 'ganglion-test-cluster-'));

  /** `parts` are folders of `deploy/`, or other overlays; `more` are further lines. */
  constructor(parts: readonly (string | Overlay)[], image: string, more: readonly string[] = []) {
    const colon = image.lastIndexOf(':');
    const placeOf = (part: string | Overlay) =>
      relative(this.folder, typeof part === 'string' ? join(packageRoot(), 'deploy', part) : part.folder);
    const isComponent = (part: string | Overlay) => typeof part === 'string' && part.startsWith('components/');
    const lines = [
      'kind: Kustomization',
      `resources: [${parts.filter((part) => !isComponent(part)).map(placeOf)}]`,
      `components: [${parts.filter(isComponent).map(placeOf)}]`,
      `images: [{ name: ganglion, newName: ${image.slice(0, colon)}, newTag: ${image.slice(colon + 1)} }]`,
      ...more,
    ];
    writeFileSync(join(this.folder, 'kustomization.yaml'), lines.join('\n'));
  }

  async apply(): Promise<void> {
    await kubectl('apply', '--kustomize', this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
