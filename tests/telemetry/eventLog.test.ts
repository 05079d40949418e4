/**
 * Proves that a run's history survives what a machine does to it: torn lines are cut off, broken ones are named, sequence
 * and phases go on where they were, a failed append leaves no trace, and reading never sees half a line.
 */
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunEventLog } from '../../services/telemetry/eventLog.ts';
import { withFileSizeLimit } from '../checkpoint/fileSizeLimit.ts';
import { alarmEvent, collect, membershipEvent, phaseEvent, snapshotEvent, stateEvent } from './events.ts';
import { keptLog } from './keptLog.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const sequences = async (log: RunEventLog, from = 0) => (await collect(log.read(from))).map(({ sequence }) => sequence);

describe('RunEventLog', () => {
  it('keeps state, membership and snapshots in one file, phases in the other, and reads both by sequence', async () => {
    const folder = temporaryFolder();
    const log = await RunEventLog.open(folder);
    const events = [stateEvent(0), membershipEvent(1), phaseEvent(2), snapshotEvent(3), phaseEvent(4), stateEvent(5)];
    for (const event of events) expect(await log.append(event)).toBe(true);
    expect(await collect(log.read(0))).toEqual(events);
    expect(await sequences(log, 3)).toEqual([3, 4, 5]);
    const kinds = (file: string) =>
      readFileSync(join(folder, file), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).kind);
    expect(kinds('events.jsonl')).toEqual(['state', 'membership', 'snapshot', 'state']);
    expect(kinds('metrics.jsonl')).toEqual(['phase', 'phase']);
    await log.close();
  });

  it('knows what was told of an illness, and how far reports and pictures go', async () => {
    const folder = temporaryFolder();
    const log = await RunEventLog.open(folder);
    expect(await log.told()).toEqual({ alarms: [], reportedPhase: -1, snapshotPhase: -1 });
    const alarms = [alarmEvent(2), alarmEvent(5, { active: false })];
    const [raised = alarmEvent(2), over = alarmEvent(5)] = alarms;
    for (const event of [phaseEvent(0, 4), snapshotEvent(1), raised, snapshotEvent(3), phaseEvent(4, 9), over]) {
      await log.append(event);
    }
    await log.close();
    const again = await RunEventLog.open(folder);
    expect(await again.told()).toEqual({ alarms, reportedPhase: 9, snapshotPhase: 3 });
    expect(await collect(again.read(2))).toContainEqual(raised);
    await again.close();
  });

  it('goes on after both tails when it is opened again', async () => {
    const folder = temporaryFolder();
    for (const last of [stateEvent(7), phaseEvent(8, 3)]) {
      const log = await RunEventLog.open(folder);
      await log.append(last);
      await log.close();
    }
    const log = await RunEventLog.open(folder);
    expect([log.nextSequence, log.lastDurableSequence, log.lastReportedPhase]).toEqual([9, 7, 3]);
    expect([log.takeSequence(), log.takeSequence()]).toEqual([9, 10]);
    await log.close();
  });

  it('does not write a phase twice, also after it was opened again', async () => {
    const folder = temporaryFolder();
    const first = await RunEventLog.open(folder);
    expect(await first.append(phaseEvent(0, 9))).toBe(true);
    expect(await first.append(phaseEvent(1, 9))).toBe(false);
    await first.close();
    const log = await RunEventLog.open(folder);
    expect([log.isNews(phaseEvent(1, 8)), log.isNews(phaseEvent(1, 10)), log.isNews(stateEvent(1))]).toEqual([
      false,
      true,
      true,
    ]);
    expect(await log.append(phaseEvent(1, 8))).toBe(false);
    expect(await log.append(phaseEvent(1, 10))).toBe(true);
    expect((await collect(log.read(0))).map((event) => event.phase)).toEqual([9, 10]);
    await log.close();
  });

  it('writes appends that come together in the order of the calls', async () => {
    const log = await RunEventLog.open(temporaryFolder());
    await Promise.all(Array.from({ length: 200 }, (_, i) => log.append(i % 2 ? phaseEvent(i) : snapshotEvent(i))));
    expect(await sequences(log)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    await log.close();
  });

  it.each([
    ['without its end', (line: string) => line.slice(0, 40)],
    ['of zeros, with a newline', () => `${'\0'.repeat(300)}\n`],
    ['longer than what is read at once', () => '\0'.repeat(200_000)],
  ])('cuts off a torn last line %s, and says so', async (_, tear) => {
    const folder = temporaryFolder();
    const before = await RunEventLog.open(folder);
    await before.append(stateEvent(0));
    await before.append(stateEvent(1));
    await before.close();
    const file = join(folder, 'events.jsonl');
    const whole = statSync(file).size;
    appendFileSync(file, tear(JSON.stringify(stateEvent(2))));
    const torn = statSync(file).size - whole;

    const { log: logger, said } = keptLog();
    const log = await RunEventLog.open(folder, logger);
    expect(log.tornBytes).toBe(torn);
    expect(said()).toContain(`${file} was torn: ${torn} bytes cut off`);
    expect(log.nextSequence).toBe(2);
    await log.append(stateEvent(2));
    expect(await sequences(log)).toEqual([0, 1, 2]);
    await log.close();
  });

  it('finds the last whole line wherever the file was cut', async () => {
    const text = [0, 1, 2].map((sequence) => `${JSON.stringify(stateEvent(sequence))}\n`).join('');
    const folder = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: text.length }), async (length) => {
        writeFileSync(join(folder, 'events.jsonl'), text.slice(0, length));
        const log = await RunEventLog.open(folder);
        const whole = text.slice(0, length).split('\n').length - 1;
        expect(log.nextSequence).toBe(whole);
        expect(await sequences(log)).toHaveLength(whole);
        await log.close();
      }),
      { numRuns: 40 },
    );
  });

  it('names file and line of a broken line in the middle', async () => {
    const folder = temporaryFolder();
    const lines = [stateEvent(0), stateEvent(1), stateEvent(2), stateEvent(3)].map((event) => JSON.stringify(event));
    lines[2] = lines[2]?.replace('"running"', '"dancing"') ?? '';
    writeFileSync(join(folder, 'events.jsonl'), `${lines.join('\n')}\n`);
    const log = await RunEventLog.open(folder);
    expect(log.nextSequence).toBe(4);
    await expect(collect(log.read(0))).rejects.toMatchObject({
      code: 'corrupt',
      message: `Line 3 of ${join(folder, 'events.jsonl')} is not a run event.`,
    });
    await log.close();
  });

  it('refuses a last line of another form, with its number, and leaves the file as it is', async () => {
    const folder = temporaryFolder();
    const text = `${JSON.stringify(stateEvent(0))}\n{"schema":"ganglion.v9"}\n`;
    writeFileSync(join(folder, 'events.jsonl'), text);
    await expect(RunEventLog.open(folder)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('Line 2'),
    });
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toBe(text);
  });

  it('reads a line that is longer than any event as a broken one, with bounded memory', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'events.jsonl');
    writeFileSync(file, `${'x'.repeat(3_000_000)}\n${JSON.stringify(stateEvent(1))}\n`);
    const log = await RunEventLog.open(folder);
    await expect(collect(log.read(0))).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('Line 1 of'),
    });
    await log.close();
  });

  it('reads what was there at the call, also while more is written, and after close', async () => {
    const log = await RunEventLog.open(temporaryFolder());
    for (let i = 0; i < 300; i++) await log.append(i % 2 ? snapshotEvent(i) : phaseEvent(i));
    const reading = log.read(0);
    const first = await reading.next();
    const appended = Promise.all(Array.from({ length: 50 }, (_, i) => log.append(snapshotEvent(300 + i))));
    const rest = await collect(reading);
    await appended;
    expect([first.value?.sequence, ...rest.map(({ sequence }) => sequence)]).toEqual(
      Array.from({ length: 300 }, (_, i) => i),
    );
    await log.close();
    expect(await sequences(log, 300)).toHaveLength(50);
    await expect(log.append(stateEvent(350))).rejects.toMatchObject({ code: 'wrong-state' });
  });

  it('goes on from a cursor without reading what is before it', async () => {
    const folder = temporaryFolder();
    const log = await RunEventLog.open(folder);
    for (let i = 0; i < 5; i++) await log.append(stateEvent(i));
    const all = await collect(log.readDurable({ sequence: 0 }));
    const cursor = all[2]?.next;
    // What is before the cursor may even be unreadable.
    const file = join(folder, 'events.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"Event 0."', '"Event 0?"').replace('running', 'dancing'));
    const rest = await collect(log.readDurable(cursor ?? { sequence: -1 }));
    expect(rest.map(({ event }) => event.sequence)).toEqual([3, 4]);
    await log.close();
  });

  it('leaves out a statistic that is not finite, which JSON cannot say, and says so in the log', async () => {
    const { log: logger, said } = keptLog();
    const log = await RunEventLog.open(temporaryFolder(), logger);
    const event = phaseEvent(0);
    await log.append({ ...event, statistics: { ...event.statistics, generatorLoss: Number.NaN } });
    const { generatorLoss: _, ...finite } = event.statistics;
    expect(await collect(log.read(0))).toEqual([{ ...event, statistics: finite }]);
    expect(said()).toContain('generatorLoss = NaN');
    await log.close();
  });

  it('never writes what it could not read again', async () => {
    const log = await RunEventLog.open(temporaryFolder());
    await expect(log.append({ ...stateEvent(0), phase: -1 })).rejects.toThrow('phase');
    expect(await collect(log.read(0))).toEqual([]);
    await log.close();
  });

  it('says that the disk is full, leaves the history as it was, and goes on when there is room', async () => {
    const folder = temporaryFolder();
    const log = await RunEventLog.open(folder);
    await log.append(stateEvent(0));
    await log.append(phaseEvent(1));
    // Room for half a line.
    const room = statSync(join(folder, 'metrics.jsonl')).size + 100;
    await withFileSizeLimit(room, async () => {
      await expect(log.append(phaseEvent(2))).rejects.toMatchObject({
        code: 'disk',
        message: expect.stringContaining('The disk is full'),
      });
    });
    expect(log.lastReportedPhase).toBe(1);
    expect(await log.append(phaseEvent(2))).toBe(true);
    expect(await sequences(log)).toEqual([0, 1, 2]);
    await log.close();
  });
});
