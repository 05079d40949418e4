/** Reading checkpoints back, and saying what is wrong with those that are not whole. Needs no config and no run. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import { diskError } from './durableFile.ts';
import { folderName, MANIFEST_FILE, type Manifest, manifestSchema, STATE_FILE } from './manifest.ts';
import { decodeSafetensors, type TensorSpec } from './safetensors.ts';

const count = z.int().min(0);

export const verdictSchema = z
  .strictObject({
    phase: count,
    ok: z.boolean(),
    why: z.string().describe('Empty where it is whole.'),
    weightsSha256: z.string().describe('Hex; empty where it is broken.'),
    fileBytes: count.describe('0 where it is broken.'),
    savedAtMs: count.describe('Milliseconds since 1970; 0 where it is broken.'),
  })
  .readonly();
export type Verdict = z.output<typeof verdictSchema>;

/** Phases of the checkpoints in a run folder, oldest first; whole or not. */
export async function checkpointPhases(runFolder: string): Promise<number[]> {
  try {
    const names = await readdir(join(runFolder, 'checkpoints'));
    return names
      .flatMap((name) => /^phase-(\d{9,})$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw diskError(runFolder, error);
  }
}

/** Verifies each checkpoint of a run folder, or one of them. Throws `not-found` where there is none. */
export async function verifyCheckpoints(runFolder: string, phase?: number): Promise<Verdict[]> {
  const phases = await checkpointPhases(runFolder);
  const chosen = phase === undefined ? phases : phases.filter((found) => found === phase);
  if (chosen.length === 0) {
    throw noCheckpoint(
      runFolder,
      phases,
      phase,
      'Name a run folder, and a phase that `ganglion checkpoints list` shows.',
    );
  }
  const verdicts: Verdict[] = [];
  for (const one of chosen) verdicts.push(await verdictOn(runFolder, one));
  return verdicts;
}

/** @param phases those that are there. @param phase the one that was asked for; undefined: any. */
export function noCheckpoint(
  runFolder: string,
  phases: readonly number[],
  phase: number | undefined,
  remedy: string,
): GanglionError {
  const message =
    phase === undefined
      ? `${runFolder} has no checkpoints.`
      : `${runFolder} has no checkpoint of phase ${phase}; it has ${phases.join(', ') || 'none'}.`;
  return new GanglionError({ code: 'not-found', message, remedy });
}

async function verdictOn(runFolder: string, phase: number): Promise<Verdict> {
  try {
    const { manifest } = await readCheckpoint(runFolder, phase);
    const { weightsSha256, fileBytes, savedAtMs } = manifest;
    return { phase, ok: true, why: '', weightsSha256, fileBytes, savedAtMs };
  } catch (error) {
    return { phase, ok: false, why: describeError(error), weightsSha256: '', fileBytes: 0, savedAtMs: 0 };
  }
}

/** The manifest of a checkpoint, checked for its form only. Throws `corrupt`, and `protocol-mismatch` for one of another version. */
export async function readManifest(runFolder: string, phase: number): Promise<Manifest> {
  const file = join(runFolder, 'checkpoints', folderName(phase), MANIFEST_FILE);
  try {
    const found: unknown = JSON.parse(await readFile(file, 'utf8'));
    requireKnownForm(file, found);
    return manifestSchema.parse(found);
  } catch (error) {
    if (error instanceof GanglionError) throw error;
    throw corrupt(`${file} cannot be read as a manifest (${reasonOf(error)})`, error);
  }
}

function requireKnownForm(file: string, manifest: unknown): void {
  const known = manifestSchema.shape.schema.value;
  const { data } = z.object({ schema: z.string().startsWith('ganglion.checkpoint.') }).safeParse(manifest);
  if (data === undefined || data.schema === known) return;
  throw new GanglionError({
    code: 'protocol-mismatch',
    message: `${file} has the form ${data.schema.slice(0, 40)}; this program reads ${known}.`,
    remedy: 'Use the version of Ganglion that wrote it, or a newer one.',
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.message : String(error);
  const [issue] = error.issues;
  return `${issue?.path.join('.')}: ${issue?.message}`;
}

/** A checkpoint's flat state and its tensors, after both hashes were checked. Throws `corrupt`. */
export async function readCheckpoint(
  runFolder: string,
  phase: number,
): Promise<{ state: Uint8Array; manifest: Manifest; tensors: readonly TensorSpec[] }> {
  const manifest = await readManifest(runFolder, phase);
  const file = join(runFolder, 'checkpoints', folderName(phase), STATE_FILE);
  if (manifest.phase !== phase) throw corrupt(`${file} stands beside a manifest of phase ${manifest.phase}`);
  const bytes = await readFile(file).catch((error) => {
    throw corrupt(`${file} cannot be read (${reasonOf(error)})`, error);
  });
  if (bytes.length !== manifest.fileBytes) {
    throw corrupt(`${file} has ${bytes.length} bytes, its manifest says ${manifest.fileBytes}`);
  }
  const fileSha256 = await sha256(bytes);
  if (fileSha256 !== manifest.fileSha256) {
    throw corrupt(`${file} has SHA-256 ${short(fileSha256)}, its manifest says ${short(manifest.fileSha256)}`);
  }
  const { data, tensors } = decodeSafetensors(file, bytes);
  const stateSha256 = await sha256(data);
  if (stateSha256 !== manifest.stateSha256) throw corrupt(`${file} holds another state than its manifest says`);
  return { state: data, manifest, tensors };
}

/** The same where its tensors are those that this run's state has, in their order. Throws `corrupt` where they are not. */
export async function readOwnCheckpoint(
  runFolder: string,
  phase: number,
  expected: readonly TensorSpec[],
): Promise<{ state: Uint8Array; manifest: Manifest }> {
  const { state, manifest, tensors } = await readCheckpoint(runFolder, phase);
  const [found, wanted] = [tensors.map(describe), expected.map(describe)];
  const longer = found.length > wanted.length ? found : wanted;
  const at = longer.findIndex((_, i) => found[i] !== wanted[i]);
  if (at < 0) return { state, manifest };
  const folder = join(runFolder, 'checkpoints', folderName(phase));
  const difference = `tensor ${at} is ${found[at] ?? 'missing'}, not ${wanted[at] ?? 'absent'}`;
  throw corrupt(`${folder} holds another run's state: ${difference}`);
}

function describe({ name, shape }: TensorSpec): string {
  return `${name} [${shape.join(', ')}]`;
}

function short(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}

/** Bytes hashed between two turns of the event loop: about 5 ms. */
const HASH_TURN_BYTES = 4 * 1024 * 1024;

/** SHA-256 in hex, without keeping the event loop from its heartbeats. */
export async function sha256(...pieces: readonly Uint8Array[]): Promise<string> {
  const hash = createHash('sha256');
  for (const piece of pieces) {
    for (let offset = 0; offset < piece.length; offset += HASH_TURN_BYTES) {
      hash.update(piece.subarray(offset, offset + HASH_TURN_BYTES));
      // Whoever hashes less takes no turn: a simulated cluster has no real time to give.
      if (offset + HASH_TURN_BYTES < piece.length) await new Promise(setImmediate);
    }
  }
  return hash.digest('hex');
}

/** A checkpoint that is not whole, or not of this run. */
export function corrupt(what: string, cause?: unknown): GanglionError {
  return new GanglionError({
    code: 'corrupt',
    message: `${what}.`,
    remedy: 'Resume from an older checkpoint: `ganglion runs resume RUN --from-phase N`.',
    cause,
  });
}
