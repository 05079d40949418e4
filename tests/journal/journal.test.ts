/**
 * Proves that an acknowledged record is never lost: not by a torn tail, a full disk, a compaction or another process; and
 * that a journal which was damaged is refused with the line that is broken, never read wrong.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Journal } from '../../services/journal/journal.ts';
import type { RecordFile } from '../../services/journal/recordFile.ts';
import { withFileSizeLimit } from '../checkpoint/fileSizeLimit.ts';

const schema = z.object({ run: z.string(), phase: z.number() });
type Entry = z.output<typeof schema>;

const root = mkdtempSync(join(tmpdir(), 'ganglion-journal-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = '';
let count = 0;
beforeEach(() => {
  folder = join(root, `data-${count++}`, '.journal');
});

function entry(phase: number, run = 'run-1'): Entry {
  return { run, phase };
}

function file(): string {
  return join(folder, 'journal.jsonl');
}

/** What a coordinator that starts now would find. */
async function reopened(): Promise<{ phases: number[]; tornBytes: number }> {
  const { journal, records, tornBytes } = await Journal.open(folder, schema);
  await journal.close();
  return { phases: records.map(({ phase }) => phase), tornBytes };
}

async function journalOf(...phases: number[]): Promise<Journal<Entry>> {
  const { journal } = await Journal.open(folder, schema);
  for (const phase of phases) await journal.append(entry(phase));
  return journal;
}

describe('a journal', () => {
  it('gives back what was appended, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.integer())), async (given) => {
        folder = join(root, `data-${count++}`);
        const records = given.map(([run, phase]) => ({ run, phase }));
        const { journal } = await Journal.open(folder, schema);
        await Promise.all(records.map((record) => journal.append(record)));
        await journal.close();
        const again = await Journal.open(folder, schema);
        await again.journal.close();
        // JSON has no lone surrogates: it writes them escaped, and they come back.
        expect(again.records).toEqual(records);
      }),
      { numRuns: 25 },
    );
  });

  it('takes line ends of every kind inside a record', async () => {
    const journal = await journalOf();
    const run = 'a\nb\rc\u2028d\u2029e';
    await journal.append({ run, phase: 1 });
    await journal.append(entry(2));
    await journal.close();
    const again = await Journal.open(folder, schema);
    await again.journal.close();
    expect(again.records).toEqual([{ run, phase: 1 }, entry(2)]);
  });

  it('goes on after it was opened again', async () => {
    await (await journalOf(1, 2)).close();
    await (await journalOf(3)).close();
    expect(await reopened()).toEqual({ phases: [1, 2, 3], tornBytes: 0 });
  });

  it('has a record on disk when append resolves', async () => {
    const journal = await journalOf();
    for (const phase of [1, 2, 3]) {
      await journal.append(entry(phase));
      expect(readFileSync(file(), 'utf8').trimEnd().split('\n')).toHaveLength(phase);
      expect(journal.sizeBytes).toBe(readFileSync(file()).length);
    }
    await journal.close();
  });

  it('writes appends that come together with one fsync', async () => {
    const journal = await journalOf();
    const done: number[] = [];
    const first = journal.append(entry(0)).then(() => done.push(0));
    const others = [1, 2, 3, 4, 5].map((phase) => journal.append(entry(phase)).then(() => done.push(phase)));
    await first;
    expect(done).toEqual([0]);
    await others[0];
    // An fsync of its own would take a later turn of the event loop; these resolved in one.
    await Promise.resolve();
    expect(done).toEqual([0, 1, 2, 3, 4, 5]);
    await journal.close();
  });

  it('bounds what waits, and says so', async () => {
    const journal = await journalOf();
    const results = await Promise.allSettled(
      Array.from({ length: 10_002 }, (_, phase) => journal.append(entry(phase))),
    );
    // One is being written, 10,000 wait, the last is refused.
    expect(results.map(({ status }) => status).lastIndexOf('fulfilled')).toBe(10_000);
    expect(results.at(-1)).toMatchObject({ reason: { code: 'disk', remedy: expect.stringContaining('--data-dir') } });
    await journal.append(entry(-1));
    await journal.close();
    expect((await reopened()).phases.slice(-2)).toEqual([10_000, -1]);
  });

  it('is not harmed by a record that cannot be written as JSON', async () => {
    const journal = await journalOf(1);
    const cyclic: Entry & { self?: unknown } = entry(2);
    cyclic.self = cyclic;
    await expect(journal.append(cyclic)).rejects.toThrow('circular');
    await journal.append(entry(3));
    await journal.close();
    expect((await reopened()).phases).toEqual([1, 3]);
  });

  it('refuses to be written after it was closed', async () => {
    const journal = await journalOf(1);
    const last = journal.append(entry(2));
    await journal.close();
    await last;
    await expect(journal.append(entry(3))).rejects.toMatchObject({ code: 'wrong-state' });
    expect((await reopened()).phases).toEqual([1, 2]);
  });
});

describe('a torn tail', () => {
  it('is cut off at any byte of the last record, and the journal goes on', async () => {
    await (await journalOf(1, 2)).close();
    const whole = readFileSync(file());
    const lastBegins = whole.indexOf('\n') + 1;
    for (let length = lastBegins; length < whole.length; length++) {
      writeFileSync(file(), whole.subarray(0, length));
      const journal = await Journal.open(folder, schema);
      expect(journal.records).toEqual([entry(1)]);
      expect(journal.tornBytes).toBe(length - lastBegins);
      await journal.journal.append(entry(3));
      await journal.journal.close();
      expect(await reopened()).toEqual({ phases: [1, 3], tornBytes: 0 });
    }
  });

  it('is cut off where the last line is whole but its bytes are not', async () => {
    await (await journalOf(1, 2)).close();
    const whole = readFileSync(file(), 'utf8');
    writeFileSync(file(), whole.replace('"phase":2', '"phase":3'));
    expect((await reopened()).phases).toEqual([1]);
  });
});

describe('a damaged journal', () => {
  const broken = /is broken, and others follow it\.$/;
  const lost = /is number [02]: lines are lost or doubled\.$/;

  it.each<[string, (text: string) => string, RegExp]>([
    ['a record is changed', (text) => text.replace('"phase":2', '"phase":7'), broken],
    ['a checksum is changed', (text) => text.replace(/^1 \w/m, (sum) => (sum === '1 0' ? '1 1' : '1 0')), broken],
    ['a line is lost', (text) => text.replace(/^1 .*\n/m, ''), lost],
    ['a line came twice', (text) => text.replace(/^0 .*\n/m, '$&$&'), lost],
    ['a line is empty', (text) => text.replace(/^1 /m, '\n1 '), broken],
    ['something else was written into it', (text) => text.replace(/^1 .*\n/m, 'hello\n'), broken],
  ])('is refused, naming the line, where %s', async (_, harm, why) => {
    await (await journalOf(1, 2, 3)).close();
    const harmed = harm(readFileSync(file(), 'utf8'));
    writeFileSync(file(), harmed);
    await expect(Journal.open(folder, schema)).rejects.toThrow(why);
    await expect(Journal.open(folder, schema)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/^Record 1 of .*journal\.jsonl \(line 2, at byte \d+\) /),
      remedy: expect.stringContaining('backup'),
    });
    // It is left as it was found, and is not locked.
    expect(readFileSync(file(), 'utf8')).toBe(harmed);
    expect(readdirSync(folder)).toEqual(['journal.jsonl']);
  });

  it('is refused where a record is whole but has another form', async () => {
    const { journal } = await Journal.open(folder, z.object({ other: z.string() }));
    await journal.append({ other: 'form' });
    await journal.close();
    await expect(Journal.open(folder, schema)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/^Record 0 of .* \(line 1\) has another form: run: /),
    });
  });
});

describe('a full disk', () => {
  it('rejects the append; what was there stays, and later records follow', async () => {
    const journal = await journalOf(1, 2);
    const limit = journal.sizeBytes + 10;
    const failing = withFileSizeLimit(limit, () => Promise.allSettled([3, 4, 5].map((p) => journal.append(entry(p)))));
    for (const result of await failing) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'disk', remedy: expect.any(String) } });
    }
    await journal.append(entry(6));
    await journal.close();
    expect(await reopened()).toEqual({ phases: [1, 2, 6], tornBytes: 0 });
  });

  it('leaves the journal as it was where a compaction fails', async () => {
    const journal = await journalOf(1, 2);
    const long = entry(9, 'x'.repeat(1000));
    await expect(withFileSizeLimit(500, () => journal.compact([long]))).rejects.toMatchObject({ code: 'disk' });
    await journal.append(entry(3));
    await journal.close();
    expect((await reopened()).phases).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['journal.jsonl']);
  });
});

describe('a disk that gives an error', () => {
  it('in the middle of a record, and again while that is cut off: it is cut off before the next one', async () => {
    let bytes = Buffer.alloc(0);
    let errors = 0;
    const failing = async (work: () => void) => {
      if (errors-- > 0) throw new Error('input/output error');
      work();
    };
    const disk: RecordFile = {
      name: 'journal.jsonl',
      read: async () => bytes,
      append: async (more) => {
        if (errors > 0) bytes = Buffer.concat([bytes, more.subarray(0, 9)]);
        await failing(() => {
          bytes = Buffer.concat([bytes, more]);
        });
      },
      truncate: (byteCount) =>
        failing(() => {
          bytes = bytes.subarray(0, byteCount);
        }),
      replace: async (whole) => {
        bytes = Buffer.from(whole);
      },
      close: async () => undefined,
    };
    const { journal } = await Journal.over(disk, schema);
    await journal.append(entry(1));
    // The record, and the cut after it.
    errors = 2;
    await expect(journal.append(entry(2))).rejects.toMatchObject({ code: 'disk' });
    await journal.append(entry(3));
    const again = await Journal.over(disk, schema);
    expect(again).toMatchObject({ records: [entry(1), entry(3)], tornBytes: 0 });
  });
});

describe('compaction', () => {
  it('replaces all records by those given', async () => {
    const journal = await journalOf(1, 2, 3, 4);
    const before = journal.sizeBytes;
    await journal.compact([entry(4)]);
    expect(journal.sizeBytes).toBeLessThan(before);
    expect(journal.sizeBytes).toBe(readFileSync(file()).length);
    await journal.append(entry(5));
    await journal.close();
    expect((await reopened()).phases).toEqual([4, 5]);
  });

  it('stands for what was appended before it, and loses nothing that is appended while it is under way', async () => {
    const journal = await journalOf(1);
    await Promise.all([
      journal.append(entry(2)),
      journal.append(entry(3)),
      journal.compact([entry(-3)]),
      journal.append(entry(4)),
      journal.append(entry(5)),
    ]);
    await journal.close();
    expect(await reopened()).toEqual({ phases: [-3, 4, 5], tornBytes: 0 });
  });

  it('may leave nothing', async () => {
    const journal = await journalOf(1);
    await journal.compact([]);
    await journal.append(entry(2));
    await journal.close();
    expect((await reopened()).phases).toEqual([2]);
  });
});

describe('an owned journal', () => {
  it('is refused to a second one, and given free when it is closed', async () => {
    const journal = await journalOf(1);
    await expect(Journal.open(folder, schema)).rejects.toMatchObject({
      code: 'already-exists',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await journal.append(entry(2));
    await journal.close();
    expect((await reopened()).phases).toEqual([1, 2]);
  });

  it('cannot be made where a file stands in its way', async () => {
    folder = join(root, `file-${count++}`);
    await appendFile(folder, 'in the way');
    await expect(Journal.open(folder, schema)).rejects.toMatchObject({ code: 'disk', remedy: expect.any(String) });
  });
});
