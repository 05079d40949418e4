/** Proves what results look like in each format: NAME first, AGE last, no wider than 80 columns unless asked. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Format, renderOne, renderRows } from '../../services/cli/output.ts';
import { describeRun, runColumns } from '../../services/cli/runFields.ts';
import { age, bytes, figure } from '../../services/cli/units.ts';
import { workerColumns } from '../../services/cli/workerFields.ts';
import { NOW_MS, runView, workerView } from './views.ts';

const runs = [runView(), runView({ runId: 'a-2', state: 'queued', phase: 0, workerIds: [], statistics: {} })];
const render = (format: Format) => renderRows(format, runs, runColumns(NOW_MS), (run) => run.runId);

describe('a list of runs', () => {
  it('as a table is one row a run', () => {
    expect(render('table')).toBe(
      [
        'NAME           STATE    PHASE      WORKERS  V(D,G)  AGE',
        'mnist-quick-1  running  1200/6000  2/2      -1.234  10m',
        'a-2            queued   0/6000     0/2      –       10m',
        '',
      ].join('\n'),
    );
  });

  it('has more columns with wide, AGE still last', () => {
    const [head] = render('wide').split('\n');
    expect(head?.split(/ {2,}/)).toEqual([
      'NAME',
      'STATE',
      'PHASE',
      'WORKERS',
      'V(D,G)',
      'WEIGHTS',
      'ALARMS',
      'WHY',
      'AGE',
    ]);
  });

  it('as jsonl is one object a line', () => {
    expect(
      render('jsonl')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(JSON.parse(render('json')));
  });

  it('as names is one name a line', () => {
    expect(render('name')).toBe('mnist-quick-1\na-2\n');
  });

  it('as JSON and as YAML is the runs themselves', () => {
    expect(JSON.parse(render('json'))).toEqual(runs);
    expect(parse(render('yaml'))).toEqual(runs);
  });

  it('of none is an empty list to a program', () => {
    expect(renderRows('json', [], runColumns(NOW_MS), () => '')).toBe('[]\n');
    expect(renderRows('name', [], runColumns(NOW_MS), () => '')).toBe('');
  });

  it('keeps to 80 columns with names and numbers of a usual length', () => {
    const long = runView({ runId: 'mnist-quick-dropout-1', state: 'cancelled', phase: 100_000, totalPhases: 125_000 });
    const workers = [workerView({ workerId: 'ganglion-worker-12', runId: 'mnist-quick-12', phase: 120_000 })];
    const tables = [
      renderRows('table', [long], runColumns(NOW_MS), () => ''),
      renderRows('table', workers, workerColumns(NOW_MS), () => ''),
    ];
    for (const line of tables.join('').split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('one run', () => {
  const lines = (run = runView()) => renderOne('table', run, describeRun(run, NOW_MS), run.runId);

  it('says which alarms are raised, and under each what people do', () => {
    const figures = { phase: 900, value: 0.1, threshold: 0.4 };
    const alarm = { name: 'modeCollapse', ...figures, message: 'All pictures are one.', advice: 'Look at them.' };
    const sick = runView({ alarms: [alarm, { ...alarm, name: 'emaGap' }] });
    expect(lines(sick)).toContain(
      [
        'Alarm        modeCollapse, after 900 phases: All pictures are one.',
        '             Look at them.',
        'Alarm        emaGap, after 900 phases: All pictures are one.',
        '             Look at them.',
      ].join('\n'),
    );
    expect(renderRows('wide', [sick], runColumns(NOW_MS), () => '')).toContain('modeCollapse, emaGap');
    expect(JSON.parse(renderOne('json', sick, [], '')).alarms[0]).toEqual(alarm);
  });

  it('says what was measured last, and which checkpoint is the best', () => {
    const measures = [
      { name: 'mmd2', value: 0.0123456, standardError: 0.0005 },
      { name: 'recall', value: 0.25 },
    ];
    const measured = runView({
      evaluation: { phase: 1000, of: 'ema', measures },
      best: { phase: 500, measure: 'mmd2', value: 0.01 },
    });
    expect(lines(measured)).toContain(
      [
        'Evaluation   phase 1000: mmd2 0.01235 ± 0.0005, recall 0.25 (moving average of G)',
        'Best         phase 500, mmd2 0.01',
      ].join('\n'),
    );
  });

  it('as a table is its fields, one a line', () => {
    expect(lines()).toBe(
      [
        'Name         mnist-quick-1',
        'State        running',
        'Why          2 of 2 workers train.',
        'Phase        1200 of 6000',
        'Generation   1',
        'Workers      2 wanted; w1, w2',
        'V(D,G)       -1.234  (D(x) 0.500, D(G(z)) 0.250)',
        'Losses       D –, G –',
        'Alarms       none',
        'Folder       /srv/runs/mnist-quick-1',
        'Checkpoints  phase 500, phase 1000',
        `Weights      ${'ab'.repeat(32)} (SHA-256 at the newest checkpoint)`,
        'Age          10m',
        '',
      ].join('\n'),
    );
  });

  it('that is elastic says how few and how many workers it takes', () => {
    expect(lines(runView({ workersNeeded: 2, workersWanted: 4 }))).toContain('Workers      2 to 4 wanted; w1, w2\n');
  });

  it('says where there is nothing yet', () => {
    const text = lines(runView({ checkpointPhases: [], weightsSha256: '', workerIds: [] }));
    expect(text).toContain('Checkpoints  none yet\n');
    expect(text).toContain('Weights      not hashed yet\n');
    expect(text).toContain('Workers      2 wanted; none now\n');
  });

  it('as JSON, YAML and name', () => {
    const run = runView();
    expect(JSON.parse(renderOne('json', run, [], run.runId))).toEqual(run);
    expect(parse(renderOne('yaml', run, [], run.runId))).toEqual(run);
    expect(renderOne('name', run, [], run.runId)).toBe('mnist-quick-1\n');
  });
});

describe('units', () => {
  it.each([
    [0, '0s'],
    [119_000, '119s'],
    [120_000, '2m'],
    [7_199_000, '119m'],
    [7_200_000, '2h'],
    [172_799_000, '47h'],
    [172_800_000, '2d'],
    [-5_000, '0s'],
  ])('an age of %i ms is %s', (ms, text) => {
    expect(age(NOW_MS - ms, NOW_MS)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [18 * 2 ** 20, '18.0 MiB'],
    [3 * 2 ** 30, '3.0 GiB'],
  ])('%i bytes are %s', (count, text) => {
    expect(bytes(count)).toBe(text);
  });

  it('a figure has three decimals, or a dash', () => {
    expect([figure(1.23456), figure(undefined)]).toEqual(['1.235', '–']);
  });
});
