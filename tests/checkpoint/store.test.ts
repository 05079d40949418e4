/**
 * Proves that a checkpoint is whole or not there: what was saved is read back bit by bit, what was damaged is found and
 * named, the newest few are kept and never the last good one dropped, and a full disk harms nothing that was written.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../services/checkpoint/safetensors.ts';
import { CheckpointStore, type StoreOptions } from '../../services/checkpoint/store.ts';
import { verifyCheckpoints } from '../../services/checkpoint/verify.ts';
import { withFileSizeLimit } from './fileSizeLimit.ts';

const TENSORS = [
  { name: 'generator.0.weight', shape: [3, 5] },
  { name: 'discriminator.0.weight', shape: [4] },
  { name: 'generator.0.weight/velocity', shape: [3, 5] },
];
const WEIGHT_VALUES = 19;
const STATE_BYTES = 4 * 34;
const TOTAL = 5000;

const root = mkdtempSync(join(tmpdir(), 'ganglion-checkpoints-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = '';
let count = 0;
beforeEach(() => {
  folder = join(root, `run-${count++}`);
});

function open(options: Partial<StoreOptions> = {}): Promise<CheckpointStore> {
  const usual = { runId: 'run-1', tensors: TENSORS, weightValues: WEIGHT_VALUES, keep: 3, configSha256: 'c0ffee' };
  return CheckpointStore.open(folder, { ...usual, ...options });
}

/** A state that says which phase it is of. */
function stateOf(phase: number): Uint8Array {
  return new Uint8Array(Float32Array.from({ length: STATE_BYTES / 4 }, (_, i) => phase + i / 64).buffer);
}

async function storeWith(phases: readonly number[], options: Partial<StoreOptions> = {}): Promise<CheckpointStore> {
  const store = await open(options);
  for (const phase of phases) await store.save(phase, TOTAL, stateOf(phase));
  return store;
}

function path(phase: number, file = ''): string {
  return join(folder, 'checkpoints', `phase-${String(phase).padStart(9, '0')}`, file);
}

/** Changes one bit. */
function damage(file: string, at: number): void {
  const bytes = readFileSync(file);
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = (bytes[index] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('a saved checkpoint', () => {
  it('is read back bit by bit', async () => {
    const store = await storeWith([500]);
    const { state, manifest } = await store.load(500);
    expect(Buffer.compare(state, stateOf(500))).toBe(0);
    expect(manifest).toEqual({
      schema: 'ganglion.checkpoint.v1',
      runId: 'run-1',
      phase: 500,
      totalPhases: TOTAL,
      configSha256: 'c0ffee',
      stateSha256: sha256(stateOf(500)),
      weightsSha256: sha256(stateOf(500).subarray(0, WEIGHT_VALUES * 4)),
      fileSha256: sha256(readFileSync(path(500, 'state.safetensors'))),
      fileBytes: readFileSync(path(500, 'state.safetensors')).length,
      savedAtMs: expect.any(Number),
      ganglionVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(JSON.parse(readFileSync(path(500, 'manifest.json'), 'utf8'))).toEqual(manifest);
  });

  it('is a safetensors file with named tensors', async () => {
    const store = await storeWith([500]);
    const { tensors, metadata } = decodeSafetensors('file', readFileSync(path(500, 'state.safetensors')));
    expect(tensors).toEqual(TENSORS);
    const { weightsSha256 } = (await store.load(500)).manifest;
    expect(metadata).toEqual({ format: 'ganglion', runId: 'run-1', phase: '500', weightsSha256 });
  });

  it('is not written again where it is there whole: not a byte of it is touched', async () => {
    const store = await storeWith([500]);
    const before = readFileSync(path(500, 'manifest.json'), 'utf8');
    await store.save(500, TOTAL, stateOf(500));
    expect(readFileSync(path(500, 'manifest.json'), 'utf8')).toBe(before);
  });

  it('takes the place of a broken one', async () => {
    const store = await storeWith([500]);
    damage(path(500, 'state.safetensors'), -1);
    await store.save(500, TOTAL, stateOf(500));
    expect(Buffer.compare((await store.load(500)).state, stateOf(500))).toBe(0);
  });

  it('has all the values of the run, or is a bug', async () => {
    const store = await open();
    await expect(store.save(1, TOTAL, stateOf(1).subarray(4))).rejects.toThrow('invariant');
  });
});

describe('a store', () => {
  it('keeps the newest', async () => {
    const store = await storeWith([0, 1, 2, 3, 4], { keep: 2 });
    expect(await store.phases()).toEqual([3, 4]);
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual(['phase-000000003', 'phase-000000004']);
  });

  it('keeps what is spared beside the newest, asked at the moment of dropping, and drops it when nothing spares it', async () => {
    const store = await storeWith([0]);
    const spared = new Set([1]);
    const narrow = await open({ keep: 1 });
    for (const phase of [1, 2, 3]) await narrow.save(phase, TOTAL, stateOf(phase), () => spared);
    expect(await store.phases()).toEqual([1, 3]);
    // Two calls at once do not meet over one folder, and each tells what it dropped.
    const both = Promise.all([narrow.dropOldest(3, () => spared), narrow.dropOldest(3, () => new Set())]);
    expect(await both).toEqual([[], [1]]);
    expect(await narrow.dropOldest(3, () => new Set())).toEqual([]);
    expect(await store.phases()).toEqual([3]);
  });

  it('sorts phases as numbers', async () => {
    const store = await storeWith([999_999_999, 1_000_000_000]);
    expect(await store.phases()).toEqual([999_999_999, 1_000_000_000]);
  });

  it.each([1, 2])('keeps the only whole checkpoint where later ones are broken (keep = %i)', async (keep) => {
    const store = await storeWith([100, 200, 300]);
    for (const phase of [200, 300]) damage(path(phase, 'state.safetensors'), -1);
    // The run went back to 100 and saves 150.
    const again = await storeWith([150], { keep });
    expect((await again.inspect()).valid.map(({ phase }) => phase)).toEqual([150]);
    await again.save(200, TOTAL, stateOf(200));
    await again.save(300, TOTAL, stateOf(300));
    expect(await store.phases()).toEqual([200, 300].slice(-keep));
  });

  it('drops nothing before the new one is whole', async () => {
    const store = await storeWith([1, 2], { keep: 2 });
    await expect(withFileSizeLimit(100, () => store.save(3, TOTAL, stateOf(3)))).rejects.toThrow('disk is full');
    expect(await store.phases()).toEqual([1, 2]);
  });

  it('removes what an interrupted write or removal left, and nothing else', async () => {
    await storeWith([1]);
    cpSync(path(1), `${path(2)}.partial`, { recursive: true });
    const store = await open();
    expect(await store.phases()).toEqual([1]);
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual(['phase-000000001']);
  });

  it('is not misled by other files in its folder', async () => {
    const store = await storeWith([1]);
    mkdirSync(join(folder, 'checkpoints', 'phase-2'));
    mkdirSync(join(folder, 'checkpoints', 'my notes'));
    expect(await store.phases()).toEqual([1]);
  });

  it("refuses a whole checkpoint of another run's tensors", async () => {
    await storeWith([1]);
    const wider = TENSORS.map((tensor, i) => (i === 1 ? { ...tensor, shape: [2, 2] } : tensor));
    await expect((await open({ tensors: wider })).load(1)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('tensor 1 is discriminator.0.weight [4], not discriminator.0.weight [2, 2]'),
    });
    await expect((await open({ tensors: TENSORS.slice(0, 2) })).load(1)).rejects.toThrow('not absent');
    await expect((await open({ tensors: [...TENSORS, { name: 'ema', shape: [1] }] })).load(1)).rejects.toThrow(
      'missing',
    );
  });

  it('cannot be opened where a file stands in its way', async () => {
    writeFileSync(folder, '');
    await expect(open()).rejects.toMatchObject({ code: 'disk', message: expect.stringContaining(folder) });
  });
});

describe('a damaged checkpoint', () => {
  it.each<[string, () => void, RegExp]>([
    [
      'a bit of the data is flipped',
      () => damage(path(2, 'state.safetensors'), -1),
      /has SHA-256 \w{12}…, its manifest/,
    ],
    [
      'a bit of the header is flipped',
      () => damage(path(2, 'state.safetensors'), 20),
      /has SHA-256 \w{12}…, its manifest/,
    ],
    ['it is cut off', () => writeFileSync(path(2, 'state.safetensors'), 'short'), /has 5 bytes, its manifest says \d+/],
    ['the state is missing', () => rmSync(path(2, 'state.safetensors')), /cannot be read \(ENOENT/],
    ['the manifest is missing', () => rmSync(path(2, 'manifest.json')), /cannot be read as a manifest \(ENOENT/],
    ['the manifest is empty', () => writeFileSync(path(2, 'manifest.json'), ''), /manifest \(Unexpected end of JSON/],
    ['the manifest lacks a field', () => writeFileSync(path(2, 'manifest.json'), '{}'), /manifest \(schema: /],
    ['it is a copy of another phase', () => copy(1, 2), /stands beside a manifest of phase 1/],
    ['the state hash is another', () => edit(2, { stateSha256: '00' }), /holds another state than its manifest says/],
  ])('is found and named where %s; the others stay good', async (_, harm, why) => {
    const store = await storeWith([1, 2, 3]);
    harm();
    await expect(store.load(2)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(path(2)),
      remedy: expect.stringContaining('older checkpoint'),
    });
    const { valid, broken } = await store.inspect();
    expect(valid.map(({ phase }) => phase)).toEqual([1, 3]);
    expect(broken).toEqual([expect.stringMatching(why)]);
    const verdicts = await verifyCheckpoints(folder);
    expect(verdicts.map(({ phase, ok }) => [phase, ok])).toEqual([
      [1, true],
      [2, false],
      [3, true],
    ]);
    expect(verdicts[1]?.why).toMatch(why);
  });

  function copy(from: number, to: number): void {
    cpSync(path(from), path(to), { recursive: true });
  }

  function edit(phase: number, fields: object): void {
    const manifest: unknown = JSON.parse(readFileSync(path(phase, 'manifest.json'), 'utf8'));
    writeFileSync(path(phase, 'manifest.json'), JSON.stringify({ ...(manifest as object), ...fields }));
  }
});

describe('verifyCheckpoints', () => {
  it('judges one where one is named', async () => {
    const store = await storeWith([1, 2]);
    const { weightsSha256, fileBytes, savedAtMs } = (await store.load(2)).manifest;
    expect(await verifyCheckpoints(folder, 2)).toEqual([
      { phase: 2, ok: true, why: '', weightsSha256, fileBytes, savedAtMs },
    ]);
  });

  it('says where there is none', async () => {
    const refusal = (sentence: string) => ({ code: 'not-found', message: expect.stringContaining(sentence) });
    await expect(verifyCheckpoints(folder)).rejects.toMatchObject(refusal('has no checkpoints'));
    await storeWith([1, 2]);
    await expect(verifyCheckpoints(folder, 3)).rejects.toMatchObject(refusal('no checkpoint of phase 3; it has 1, 2'));
  });
});

describe('a full disk', () => {
  it('ends a save with a sentence and a remedy, and harms nothing', async () => {
    const store = await storeWith([1, 2]);
    const before = readFileSync(path(2, 'state.safetensors'));
    const failing = withFileSizeLimit(200, () => store.save(3, TOTAL, stateOf(3)));
    await expect(failing).rejects.toMatchObject({
      code: 'disk',
      message: `The disk is full: ${path(3)} could not be written.`,
      remedy: expect.stringContaining('Free some space'),
    });
    expect(existsSync(`${path(3)}.partial`)).toBe(false);
    expect(readFileSync(path(2, 'state.safetensors'))).toEqual(before);
    expect((await store.inspect()).broken).toEqual([]);
  });

  it('is over once there is space: the same save then works', async () => {
    const store = await storeWith([1]);
    await expect(withFileSizeLimit(200, () => store.save(2, TOTAL, stateOf(2)))).rejects.toThrow('disk is full');
    await store.save(2, TOTAL, stateOf(2));
    expect((await store.inspect()).valid.map(({ phase }) => phase)).toEqual([1, 2]);
  });

  it('harms a broken checkpoint no further when it cannot be replaced', async () => {
    const store = await storeWith([1]);
    damage(path(1, 'state.safetensors'), -1);
    const broken = readFileSync(path(1, 'state.safetensors'));
    await expect(withFileSizeLimit(200, () => store.save(1, TOTAL, stateOf(1)))).rejects.toThrow('disk is full');
    expect(readFileSync(path(1, 'state.safetensors'))).toEqual(broken);
  });
});
