/** One run on the page: its parts, each of which is told what is known. */

import { type ChartSpec, chartsOf } from './charts.ts';
import { CheckpointView } from './checkpointView.ts';
import { CurveChart } from './curveChart.ts';
import { element } from './element.ts';
import { HappeningView } from './happeningView.ts';
import { LaneView } from './laneView.ts';
import { MembershipView } from './membershipView.ts';
import { RunHead } from './runHead.ts';
import { phasesOf, type RunModel } from './runModel.ts';
import { SampleView } from './sampleView.ts';

export class RunView {
  readonly root: HTMLElement;
  readonly #head: RunHead;
  readonly #charts: readonly { readonly spec: ChartSpec; readonly chart: CurveChart }[];
  readonly #evaluations = new Map<string, CurveChart>();
  readonly #chartGrid = element('div', { class: 'charts' });
  readonly #evaluationGrid = element('div', { class: 'charts' });
  readonly #evaluation = element(
    'section',
    { 'aria-labelledby': 'evaluation', hidden: true },
    element('h2', { id: 'evaluation' }, 'Evaluation'),
    this.#evaluationGrid,
  );
  readonly #samples: SampleView;
  readonly #lanes = new LaneView();
  readonly #memberships = new MembershipView();
  readonly #happenings = new HappeningView();
  readonly #checkpoints: CheckpointView;
  #curves: RunModel['curves'] | undefined;

  constructor({ run, game }: RunModel) {
    this.#head = new RunHead(run.runId);
    this.#charts = chartsOf(game).map((spec) => ({ spec, chart: new CurveChart(spec) }));
    this.#chartGrid.append(...this.#charts.map(({ chart }) => chart.root));
    this.#samples = new SampleView(run.runId, game);
    this.#checkpoints = new CheckpointView(run.runId);
    this.root = element(
      'div',
      { class: 'run' },
      this.#head.root,
      this.#happenings.alarms,
      element('section', { class: 'left', 'aria-label': 'Curves' }, this.#chartGrid, this.#evaluation),
      element('div', { class: 'right' }, this.#samples.root, this.#happenings.root),
      element('div', { class: 'below' }, this.#lanes.root, this.#memberships.root, this.#checkpoints.root),
    );
  }

  update(model: RunModel): void {
    this.#head.update(model);
    this.#happenings.update(model);
    if (model.curves !== this.#curves) this.#updateCharts(model);
    this.#updateEvaluations(model);
    this.#samples.update(model);
    this.#lanes.update(model.lanes);
    this.#memberships.update(model.happenings, model.timeMs);
    this.#checkpoints.update(model);
  }

  redraw(): void {
    for (const { chart } of this.#charts) chart.redraw();
    for (const chart of this.#evaluations.values()) chart.redraw();
    this.#samples.redraw();
    this.#lanes.redraw();
  }

  close(): void {
    this.#samples.close();
  }

  #updateCharts({ curves }: RunModel): void {
    this.#curves = curves;
    const phases = phasesOf(curves);
    const nothing = phases.map(() => null);
    for (const { spec, chart } of this.#charts) {
      const columns = spec.curves.map(({ name }) => {
        const { mean = nothing, low = nothing, high = nothing } = curves.columns[name] ?? {};
        return { mean, low, high };
      });
      chart.update({ phases, curves: columns });
    }
  }

  #updateEvaluations({ evaluations }: RunModel): void {
    const names = [...new Set(evaluations.flatMap(({ measures }) => measures.map(({ name }) => name)))];
    this.#evaluation.hidden = names.length === 0;
    for (const name of names) {
      const found = evaluations.flatMap(({ phase, measures }) => {
        const measured = measures.find((one) => one.name === name);
        return measured ? [{ phase, value: measured.value, error: measured.standardError ?? 0 }] : [];
      });
      this.#chartOf(name).update({
        phases: found.map(({ phase }) => phase),
        curves: [
          {
            mean: found.map(({ value }) => value),
            low: found.map(({ value, error }) => value - error),
            high: found.map(({ value, error }) => value + error),
          },
        ],
      });
    }
  }

  #chartOf(name: string): CurveChart {
    const known = this.#evaluations.get(name);
    if (known) return known;
    const chart = new CurveChart({
      id: `evaluation-${name}`,
      title: name,
      curves: [{ name, label: name, colour: 'generator' }],
    });
    this.#evaluations.set(name, chart);
    this.#evaluationGrid.append(chart.root);
    return chart;
  }
}
