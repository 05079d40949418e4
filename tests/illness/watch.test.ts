/**
 * Proves that each rule raises its alarm beyond its threshold after so many findings on end, clears it within the other one, and
 * stays as it is between them; that a healthy stream never alarms; and that nothing is said twice, also after a restart.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../services/illness/rule.ts';
import { toldIllness } from '../../services/illness/told.ts';
import { HEALTHY } from '../../services/illness/watch.ts';
import type { AlarmEvent } from '../../services/report/runEvent.ts';
import type { Statistics } from '../../services/report/statistics.ts';
import { alarmConfig, pictures, report, told, WELL, watchAll } from './observations.ts';

/** Raised after 3 on end, cleared after 2, whatever the rule. */
const QUICK = { raiseAfter: 3, clearAfter: 2 };
const QUICKLY = {
  discriminatorSaturation: QUICK,
  generatorGradient: QUICK,
  lossDivergence: QUICK,
  modeCollapse: QUICK,
  emaGap: QUICK,
  nonFinite: { clearAfter: 2 },
};

/** Log loss: an undecided D has log 4 = 1.386, an undecided G log 2 = 0.693. */
const REPORT_RULES: readonly (readonly [name: string, sick: Statistics, between: Statistics])[] = [
  ['discriminatorSaturation', { value: -0.0069 }, { value: -0.015 }],
  ['discriminatorSaturation', { value: -1e-9, dReal: 1, dFake: 0 }, { value: -0.007 }],
  // Against a peak of 1.4.
  ['generatorGradient', { generatorGradientNorm: 0.0069 }, { generatorGradientNorm: 0.027 }],
  ['generatorGradient', { generatorGradientNorm: 0 }, { generatorGradientNorm: 0.0075 }],
  ['lossDivergence', { value: -70 }, { value: -60 }],
  ['lossDivergence', { generatorLoss: 35 }, { generatorLoss: 14 }],
  // Of the minimax loss G's is negative.
  ['lossDivergence', { generatorLoss: -35 }, { generatorLoss: -30 }],
  ['emaGap', { emaGap: 0.51 }, { emaGap: 0.45 }],
];

describe.each(REPORT_RULES)('%s on %j', (name, sick, between) => {
  const config = alarmConfig(QUICKLY);
  const stream = (pattern: string): Observation[] =>
    [...pattern].map((sign, index) => report(index + 1, sign === '#' ? sick : sign === '~' ? between : {}));

  it.each([
    ['.....', []],
    ['.##.##.##', []],
    ['.##~##', []],
    ['.###', [`+${name}@4`]],
    ['.######', [`+${name}@4`]],
    ['.###.~.~.', [`+${name}@4`]],
    ['.###.#..', [`+${name}@4`, `-${name}@8`]],
    ['.###..~###', [`+${name}@4`, `-${name}@6`, `+${name}@10`]],
    ['~~~~~~', []],
  ])('of %s tells %j', (pattern, expected) => {
    expect(told(watchAll(config, stream(pattern)).changes)).toEqual(expected);
  });

  it('says what was seen and what people do, and is among the alarms until it is over', () => {
    const { state, changes } = watchAll(config, stream('.###'));
    const [raised] = changes;
    expect(raised?.message).toMatch(/(above|below) [\d.e-]+, in 3 reports on end\.$/);
    expect(raised?.advice.length).toBeGreaterThan(60);
    expect(state.alarms).toEqual([expect.objectContaining({ name, phase: 4, threshold: raised?.threshold })]);
    const over = watchAll(config, [report(5), report(6)], state);
    expect(over.changes[0]?.message).toMatch(/not (above|below) [\d.e-]+, in 2 reports on end\.$/);
    expect(over.state.alarms).toEqual([]);
  });

  it('is silent where it is off, or all are', () => {
    expect(watchAll(alarmConfig({ ...QUICKLY, [name]: 'off' }), stream('.#######')).changes).toEqual([]);
    expect(watchAll(alarmConfig('off'), stream('.#######')).state).toBe(HEALTHY);
  });
});

describe('modeCollapse', () => {
  const config = alarmConfig(QUICKLY);

  it.each([
    ['pictures that are too alike', [0.24, 0.9], [0.3, 0.9]],
    ['pictures that cover nothing', [1, 0.04], [1, 0.07]],
    ['either of both', [0.1, 0], [0.6, 0.07]],
  ] as const)('is raised by %s, and cleared where both are well', (_, sick, between) => {
    const at = (phase: number, [diversity, coverage]: readonly [number, number]) =>
      pictures(phase, diversity, coverage);
    const well = [0.9, 0.6] as const;
    const stream = [at(1, sick), at(2, sick), at(3, between), at(4, sick), at(5, sick), at(6, sick)];
    expect(told(watchAll(config, stream).changes)).toEqual(['+modeCollapse@6']);
    const more = [...stream, at(7, well), at(8, between), at(9, well), at(10, well)];
    expect(told(watchAll(config, more).changes)).toEqual(['+modeCollapse@6', '-modeCollapse@10']);
  });

  it('names the measure that is worst', () => {
    const raised = (diversity: number, coverage: number) =>
      watchAll(
        config,
        [1, 2, 3].map((phase) => pictures(phase, diversity, coverage)),
      ).changes[0];
    expect(raised(0.1, 0.04)).toMatchObject({ value: 0.1, threshold: 0.25 });
    expect(raised(0.1, 0.04)?.message).toBe(
      '64 pictures are 10 % as far apart as real samples (they cover 4 % of these): below 0.25, in 3 snapshots on end.',
    );
    expect(raised(0.2, 0)).toMatchObject({ value: 0, threshold: 0.05 });
  });

  it('waits until so many real samples were used', () => {
    const sick = (samples: number) => [1, 2, 3].map((phase) => pictures(phase, 0, 0, samples));
    expect(watchAll(config, sick(59_999)).changes).toEqual([]);
    expect(told(watchAll(config, sick(60_000)).changes)).toEqual(['+modeCollapse@3']);
    const late = alarmConfig({ modeCollapse: { ...QUICK, fromSamples: 300 } });
    expect(watchAll(late, sick(299)).changes).toEqual([]);
    expect(told(watchAll(late, sick(300)).changes)).toEqual(['+modeCollapse@3']);
  });

  it('judges no picture of before the first phase', () => {
    const alone = alarmConfig({ modeCollapse: { raiseAfter: 1 } });
    expect(watchAll(alone, [pictures(0, 0, 0)]).changes).toEqual([]);
    expect(told(watchAll(alone, [pictures(0, 0, 0), pictures(1, 0, 0)]).changes)).toEqual(['+modeCollapse@1']);
  });
});

describe('nonFinite', () => {
  const config = alarmConfig(QUICKLY);
  const broken = (phase: number): Observation => ({ kind: 'nonFinite', phase, sentence: 'Phase 6 gave a NaN' });

  it('is raised at once, with the sentence that says where, and cleared by finite reports', () => {
    const { changes } = watchAll(config, [report(6), broken(7), broken(8), report(9), report(10), report(11)]);
    expect(told(changes)).toEqual(['+nonFinite@7', '-nonFinite@10']);
    expect(changes[0]?.message).toBe('Phase 6 gave a NaN.');
  });

  it.each([['value'], ['generatorLoss'], ['generatorGradientNorm'], ['emaGap']])(
    'is raised by a %s that is none, which no other rule takes for a number',
    (statistic) => {
      for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const stream = [1, 2, 3, 4].map((phase) => report(phase, { [statistic]: wrong }));
        const { changes } = watchAll(config, stream);
        expect(told(changes)).toEqual(['+nonFinite@1']);
        expect(changes[0]?.message).toBe(`${statistic} is ${wrong}.`);
      }
    },
  );
});

describe('the scale of G’s gradient', () => {
  const config = alarmConfig({ generatorGradient: QUICK });
  const norms = (values: readonly number[]) =>
    values.map((generatorGradientNorm, index) => report(index + 1, { generatorGradientNorm }));

  it('is the run’s own: a gradient that begins small and grows is well', () => {
    const growing = Array.from({ length: 60 }, (_, index) => 3e-5 * 1.2 ** index);
    expect(watchAll(config, norms(growing)).changes).toEqual([]);
  });

  it('is not moved by one outlier', () => {
    const stream = norms([1, 1, 1e5, ...Array(20).fill(1)]);
    expect(watchAll(config, stream).changes).toEqual([]);
  });

  it('falls by five orders: raised, with the norm and what it was', () => {
    const { changes } = watchAll(config, norms([...Array(20).fill(2), ...Array(5).fill(2e-5)]));
    expect(changes).toMatchObject([{ name: 'generatorGradient', phase: 23, value: 2e-5, threshold: 0.01 }]);
    expect(changes[0]?.message).toMatch(/^The norm of G’s gradient is 0.00002, 0.001 % of what it was: below 0.01/);
  });
});

describe('other losses have other measures', () => {
  it.each([
    ['least-squares', -0.001, '+discriminatorSaturation'],
    ['least-squares', -13, '+lossDivergence'],
    ['hinge', -0.009, '+discriminatorSaturation'],
    ['hinge', -101, '+lossDivergence'],
  ] as const)('%s: a value of %d tells %s', (loss, value, expected) => {
    const config = alarmConfig(QUICKLY, { loss });
    const sick = [1, 2, 3].map((phase) => report(phase, { value }));
    expect(told(watchAll(config, sick).changes)).toEqual([`${expected}@3`]);
  });

  it.each([
    [0.1, -0.1061, ['+discriminatorSaturation@3']],
    [0.1, -0.2, []],
    [0, -0.1061, []],
  ] as const)(
    'labels smoothed by %d: a value of %d is held against what a sure D pays',
    (labelSmoothing, value, expected) => {
      const config = alarmConfig(QUICKLY, { loss: 'log', labelSmoothing });
      const stream = [1, 2, 3].map((phase) => report(phase, { value }));
      expect(told(watchAll(config, stream).changes)).toEqual(expected);
    },
  );

  it.each(['log', 'least-squares', 'hinge'] as const)('%s: an undecided D is well', (loss) => {
    const undecided = { log: [Math.log(4), Math.LN2], 'least-squares': [0.25, 0.125], hinge: [2, 0] }[loss];
    const [value = 0, generatorLoss = 0] = undecided;
    const stream = Array.from({ length: 30 }, (_, index) => report(index + 1, { value: -value, generatorLoss }));
    expect(watchAll(alarmConfig({}, { loss }), stream).changes).toEqual([]);
  });
});

/** Healthy: within what the presets' runs were seen to report, and a little more. */
const healthyReport = fc.record({
  value: fc.double({ min: -4, max: -0.0075, noNaN: true }),
  generatorLoss: fc.double({ min: 0.05, max: 20, noNaN: true }),
  generatorGradientNorm: fc.double({ min: 0.3, max: 12, noNaN: true }),
  emaGap: fc.double({ min: 0, max: 0.45, noNaN: true }),
});
const healthySpread = fc.record({
  diversity: fc.double({ min: 0.26, max: 1.5, noNaN: true }),
  coverage: fc.double({ min: 0.06, max: 1, noNaN: true }),
});

describe('any stream', () => {
  it('that is healthy never alarms', () => {
    const stream = fc.array(fc.oneof(healthyReport, healthySpread), { minLength: 30, maxLength: 200 });
    fc.assert(
      fc.property(stream, (all) => {
        const seen = all.map((one, index) =>
          'value' in one ? report(index + 1, one) : pictures(index + 1, one.diversity, one.coverage),
        );
        expect(watchAll(alarmConfig(), seen).changes).toEqual([]);
      }),
    );
  });

  it('raises no alarm that is raised, clears none that is not, and keeps those that are', () => {
    const wild = fc.record({
      value: fc.constantFrom(-1e-6, -1, -500, Number.NaN),
      generatorGradientNorm: fc.constantFrom(0, 1e-4, 1),
      emaGap: fc.constantFrom(0.1, 0.9, 3),
    });
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 120 }), (all) => {
        const { state, changes } = watchAll(
          alarmConfig(QUICKLY),
          all.map((one, index) => report(index + 1, one)),
        );
        const raised = new Set<string>();
        for (const { name, active } of changes) {
          expect(raised.has(name)).toBe(!active);
          if (active) raised.add(name);
          else raised.delete(name);
        }
        expect(new Set(state.alarms.map(({ name }) => name))).toEqual(raised);
      }),
    );
  });

  it('that is computed again from a checkpoint tells nothing again', () => {
    const config = alarmConfig(QUICKLY);
    const stream = [1, 2, 3, 4, 5, 6, 7].map((phase) => report(phase, phase < 5 ? { value: -1e-6 } : {}));
    const { state, changes } = watchAll(config, stream);
    expect(told(changes)).toEqual(['+discriminatorSaturation@3', '-discriminatorSaturation@6']);
    expect(watchAll(config, stream, state)).toEqual({ state, changes: [] });
  });
});

describe('a coordinator that was started again', () => {
  const config = alarmConfig(QUICKLY);
  const event = (fields: Partial<AlarmEvent>): AlarmEvent => ({
    ...{ schema: 'ganglion.v1', runId: 'r', sequence: 1, timeMs: 1, kind: 'alarm', active: true, phase: 8 },
    ...{ name: 'discriminatorSaturation', value: 0.001, threshold: 0.01, message: 'Seen.', advice: 'Do.' },
    ...fields,
  });
  const restarted = (alarms: readonly AlarmEvent[], reportedPhase = 9, snapshotPhase = 0) =>
    toldIllness(config, { alarms, reportedPhase, snapshotPhase });

  it('has the alarms that were raised, does not raise them again, and tells when they are over', () => {
    const state = restarted([event({})]);
    expect(state.alarms).toEqual([
      { name: 'discriminatorSaturation', phase: 8, value: 0.001, threshold: 0.01, message: 'Seen.', advice: 'Do.' },
    ]);
    const sick = Array.from({ length: 9 }, (_, index) => report(11 + index, { value: -1e-6 }));
    expect(watchAll(config, sick, state).changes).toEqual([]);
    expect(told(watchAll(config, [...sick, report(20), report(21)], state).changes)).toEqual([
      '-discriminatorSaturation@21',
    ]);
  });

  it('has none that was over, and raises it anew', () => {
    const state = restarted([event({}), event({ active: false, phase: 10 })]);
    expect(state.alarms).toEqual([]);
    const sick = [11, 12, 13].map((phase) => report(phase, { value: -1e-6 }));
    expect(told(watchAll(config, sick, state).changes)).toEqual(['+discriminatorSaturation@13']);
  });

  it('judges nothing again that was judged: neither reports, nor pictures, nor a gradient that was not finite', () => {
    const state = restarted([event({ name: 'nonFinite' }), event({ name: 'nonFinite', active: false })], 9, 6);
    const again: Observation[] = [
      ...[8, 9, 10].map((phase) => report(phase, { value: -1e-6 })),
      ...[4, 5, 6].map((phase) => pictures(phase, 0, 0)),
      { kind: 'nonFinite', phase: 8, sentence: 'Phase 7' },
    ];
    expect(watchAll(config, again, state)).toEqual({ state, changes: [] });
  });

  it('knows what G’s gradient was where its alarm is raised', () => {
    const state = restarted([event({ name: 'generatorGradient', value: 1e-4, threshold: 0.007 })]);
    const gone = [11, 12, 13, 14].map((phase) => report(phase, { generatorGradientNorm: 1e-4 }));
    expect(watchAll(config, gone, state).changes).toEqual([]);
    const back = [...gone, report(15), report(16)];
    expect(told(watchAll(config, back, state).changes)).toEqual(['-generatorGradient@16']);
  });

  it('leaves alone what a newer one called an alarm', () => {
    expect(restarted([event({ name: 'somethingNew' })]).alarms).toEqual([]);
  });
});

it('a report says nothing of what it does not tell', () => {
  const config = alarmConfig({ ...QUICKLY, discriminatorSaturation: { raiseAfter: 1 }, emaGap: { raiseAfter: 1 } });
  const { value: _, emaGap: __, ...without } = WELL;
  const bare: Observation = { kind: 'report', phase: 1, statistics: without };
  expect(watchAll(config, [bare]).changes).toEqual([]);
});
