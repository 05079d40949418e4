/**
 * Proves that the evaluation file survives what files meet (a torn last line, a broken one, no file), and that the best
 * checkpoint is found in it again, where that is still on disk with the weights that were measured.
 */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendEvaluation, readEvaluations } from '../../services/coordinator/evaluationFile.ts';
import { lineOf, recordOf } from '../../services/coordinator/evaluationRecord.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { runConfig } from './core/runs.ts';

const CONFIG = runConfig({ evaluation: { everyPhases: 20, keepBest: 'mmd2' } });

function line(phase: number, value: number) {
  const measures = [
    { name: 'mmd2', value, standardError: 0.5 },
    { name: 'swd', value: 3 },
  ];
  const event = { kind: 'evaluation', runId: 'r', phase, of: 'ema', measures, why: '' } as const;
  return lineOf({ ...event, measures }, { timeMs: 1, seed: 7, weightsSha256: `hash-${phase}` });
}

const stored = (...phases: number[]) => phases.map((phase) => ({ phase, weightsSha256: `hash-${phase}` }));

describe('the file', () => {
  it('is read as it was written, and is not there before the first line', async () => {
    const folder = await temporaryFolder();
    expect(await readEvaluations(folder)).toEqual({ lines: [], broken: 0 });
    await appendEvaluation(folder, line(20, 1));
    await appendEvaluation(folder, line(40, 2));
    expect(await readEvaluations(folder)).toEqual({ lines: [line(20, 1), line(40, 2)], broken: 0 });
    expect(line(20, 1).measures).toEqual({ mmd2: { value: 1, standardError: 0.5 }, swd: { value: 3 } });
  });

  it('loses a torn last line, and nothing else', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'metrics-evaluation.jsonl');
    await appendEvaluation(folder, line(20, 1));
    await appendFile(file, '{"schema":"gangl');
    expect(await readEvaluations(folder)).toEqual({ lines: [line(20, 1)], broken: 0 });
    await appendEvaluation(folder, line(40, 2));
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);
    expect((await readEvaluations(folder)).lines).toEqual([line(20, 1), line(40, 2)]);
  });

  it('counts lines that are none', async () => {
    const folder = await temporaryFolder();
    const good = JSON.stringify(line(20, 1));
    await writeFile(join(folder, 'metrics-evaluation.jsonl'), `no JSON\n{"phase":1}\n${good}\n`);
    expect(await readEvaluations(folder)).toEqual({ lines: [line(20, 1)], broken: 2 });
  });
});

describe('the record', () => {
  it('has the newest evaluation, and the best of those whose checkpoint is there', () => {
    const lines = [line(20, 0.25), line(40, 0.5), line(60, 0.75)];
    expect(recordOf(CONFIG, lines, stored(20, 60))).toMatchObject({
      newest: { phase: 60, of: 'ema', measures: [{ name: 'mmd2', value: 0.75, standardError: 0.5 }, { name: 'swd' }] },
      best: { phase: 20, measure: 'mmd2', value: 0.25 },
    });
    expect(recordOf(CONFIG, lines, stored(40, 60)).best?.phase).toBe(40);
    expect(recordOf(CONFIG, lines, [{ phase: 20, weightsSha256: 'others' }]).best).toBeUndefined();
  });

  it('of a run that was never evaluated is empty', () => {
    expect(recordOf(CONFIG, [], stored(20))).toEqual({ newest: undefined, best: undefined });
  });
});
