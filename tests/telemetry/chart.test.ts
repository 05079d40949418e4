/** Proves what is shown of a run, and that a long one's file stays small. */
import { describe, expect, it } from 'vitest';
import { Chart, isShown } from '../../services/telemetry/chart.ts';
import { histogramOf } from '../../services/telemetry/histogram.ts';
import { phaseEvent, snapshotEvent, stateEvent } from './events.ts';

describe('isShown', () => {
  const shownOf = (count: number, each: number) =>
    Array.from({ length: count }, (_, index) => index).filter((index) => isShown(index, each));

  it('shows all at first, and of each doubling as many as of the one before', () => {
    expect(shownOf(64, 4)).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7],
      ...[8, 10, 12, 14],
      ...[16, 20, 24, 28],
      ...[32, 40, 48, 56],
    ]);
  });

  it('shows a run that is a thousand times as long five times as much', () => {
    expect(shownOf(1_024 * 128, 64).length).toBe(12 * 64);
  });
});

describe('a chart', () => {
  it('has the scalars of a report, a picture with what D said before it, and no states', () => {
    const chart = new Chart();
    expect(chart.show(stateEvent(0))).toBeUndefined();
    const shown = chart.show(phaseEvent(1, 10));
    expect([shown?.step, shown?.timeMs]).toEqual([10, 1_700_000_000_001]);
    const scalars = Object.fromEntries(
      (shown?.values ?? []).map((value) => [value.tag, 'simpleValue' in value && value.simpleValue]),
    );
    expect(scalars).toMatchObject({ 'loss/discriminator': 0.7, 'value/v': -1.4, 'phase_ms/exchange': 3 });
    expect(Object.keys(scalars)).not.toContain('value/penalty');
    chart.show(phaseEvent(2, 20));
    const picture = chart.show(snapshotEvent(3));
    expect(picture?.values).toMatchObject([
      { tag: 'samples', artifact: 'fakes_3.png' },
      { tag: 'discriminator_output/real', histo: { num: 2, sum: 1.2, bucket: [2] } },
      { tag: 'discriminator_output/fake', histo: { num: 2, sum: 0.8 } },
    ]);
    // What was shown once is not shown again.
    expect(chart.show(snapshotEvent(4))?.values).toHaveLength(1);
  });
});

it('a histogram holds every value in the bucket that it belongs to', () => {
  const { min, max, num, sumSquares, bucket, bucketLimit } = histogramOf([0, 0.1, 0.5, 3]);
  expect([min, max, num, bucket.length, bucketLimit.at(-1)]).toEqual([0, 3, 4, 30, 3]);
  expect(sumSquares).toBeCloseTo(9.26, 10);
  expect(bucket.flatMap((count, index) => (count > 0 ? [[index, count]] : []))).toEqual([
    [0, 1],
    [1, 1],
    [5, 1],
    [29, 1],
  ]);
});
