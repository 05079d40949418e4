/** The newest picture of a run's samples, for who shows it beside metrics: read once, however many ask for it. */
import { GanglionError } from '../errors/ganglionError.ts';
import type { ArtifactView } from '../report/runView.ts';

/** A grid is up to 3 MiB of pixels, and its PNG hardly more; whatever is larger is no grid. */
const PICTURE_BYTES_MAX = 8 * 1024 * 1024;
/** Of the runs last asked for: 64 MiB at most. */
const KEPT_MAX = 8;

interface Artifacts {
  listArtifacts(runId: string): Promise<ArtifactView[]>;
  fetchArtifact(runId: string, name: string): AsyncIterable<Uint8Array>;
}

/** Answers with a PNG; throws `not-found` for a run without samples, or no run. */
export function newestSamples(artifacts: Artifacts): (runId: string) => Promise<Buffer> {
  const kept = new Map<string, { readonly version: string; readonly png: Promise<Buffer> }>();
  return async (runId) => {
    const newest = newestGrid(await artifacts.listArtifacts(runId));
    if (!newest) {
      throw new GanglionError({
        code: 'not-found',
        message: `Run '${runId}' has no samples yet.`,
        remedy: 'The first are drawn when it begins to train.',
      });
    }
    const { name, sizeBytes } = newest;
    // One that is still being written is longer the next time.
    const version = `${name} ${sizeBytes}`;
    const known = kept.get(runId);
    if (known?.version === version) return known.png;
    const png = read(artifacts.fetchArtifact(runId, name));
    // What could not be read is tried again.
    png.catch(() => kept.delete(runId));
    kept.delete(runId);
    kept.set(runId, { version, png });
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    return png;
  };
}

function newestGrid(files: readonly ArtifactView[]): ArtifactView | undefined {
  const phaseOf = ({ name }: ArtifactView) => Number(/^fakes_(\d+)\.png$/.exec(name)?.[1] ?? 0);
  const grids = files.filter(
    ({ name, sizeBytes }) => /^fakes_(init|\d+)\.png$/.test(name) && sizeBytes <= PICTURE_BYTES_MAX,
  );
  return grids.sort((a, b) => phaseOf(a) - phaseOf(b)).at(-1);
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
