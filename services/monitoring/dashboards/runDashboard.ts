/** One run, or some beside each other: how the game goes, and where the time does. */
import { type Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Text, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { dashboard } from './dashboard.ts';
import { curves, curvesBeside, nameStat, stacked, stat } from './panels.ts';
import { FLEET, query, RUN, WINDOW } from './query.ts';
import { coordinatorUrl, run } from './variables.ts';

/** What V(D,G) comes to where G has learnt the data and D says ½ (Goodfellow et al. 2014, theorem 1). */
const VALUE_AT_THE_END = -2 * Math.LN2;
const PARTS = `ganglion_phase_duration_seconds`;

export function runDashboard(): Dashboard {
  const about = 'How the game between G and D goes, and where the time of a phase does.';
  return dashboard('Ganglion / Run', 'ganglion-run', about, RUN)
    .withVariable(run())
    .withVariable(coordinatorUrl())
    .withRow(new RowBuilder('Progress'))
    .withPanel(
      nameStat({
        title: 'State',
        description: 'What the run does. `ganglion runs get` has the sentence that explains it.',
        unit: 'none',
        queries: [query(`ganglion_run_state{${RUN}} == 1`, '{{state}}')],
      }),
    )
    .withPanel(
      stat({
        title: 'Done',
        description: 'Committed phases over those of the whole run.',
        unit: 'percentunit',
        queries: [query(`ganglion_phase{${RUN}} / ganglion_phases_planned{${RUN}}`, '{{run}}')],
      }),
    )
    .withPanel(
      stat({
        title: 'Time left',
        description: 'At the speed of now. Nothing while the run stands.',
        unit: 's',
        queries: [
          query(
            `(ganglion_phases_planned{${RUN}} - ganglion_phase{${RUN}}) / (deriv(ganglion_phase{${RUN}}[${WINDOW}]) > 0)`,
            '{{run}}',
          ),
        ],
      }),
    )
    .withPanel(
      stat({
        title: 'Workers',
        description: 'Those of the run, and the fewest that it trains with.',
        unit: 'none',
        queries: [
          query(`ganglion_run_workers{${RUN}}`, '{{run}}'),
          query(`ganglion_run_workers_min{${RUN}}`, '{{run}}, min'),
        ],
      }),
    )
    .withPanel(
      stat({
        title: 'Newest checkpoint',
        description: 'How long ago it became durable: at most this is computed again if all are lost.',
        unit: 's',
        queries: [query(`time() - ganglion_checkpoint_last_timestamp_seconds{${RUN}}`, '{{run}}')],
      }),
    )
    .withPanel(
      stat({
        title: 'Alarms',
        description: 'How many are raised now; the marks in the curves say which, and since when.',
        unit: 'none',
        queries: [query(`sum by (run) (ganglion_alarm{${RUN}})`, '{{run}}')],
      }),
    )
    .withRow(new RowBuilder('The game'))
    .withPanel(
      curves({
        title: 'Losses',
        description: 'What each network minimises; the penalty is apart.',
        unit: 'none',
        queries: [
          query(`ganglion_loss{${RUN}}`, '{{run}} {{network}}'),
          query(`ganglion_penalty{${RUN}}`, '{{run}} penalty'),
        ],
      }),
    )
    .withPanel(
      curvesBeside(VALUE_AT_THE_END, {
        title: 'V(D,G)',
        description: 'The value of the game. The dashed line is −2 log 2: G has learnt the data, D says ½.',
        unit: 'none',
        queries: [query(`ganglion_value{${RUN}}`, '{{run}}')],
      }),
    )
    .withPanel(
      curvesBeside(0.5, {
        title: 'D(x) and D(G(z))',
        description: 'How sure D is of reals and of fakes. The dashed line is ½: it cannot tell them apart.',
        unit: 'percentunit',
        queries: [query(`ganglion_discriminator_output{${RUN}}`, '{{run}} on {{on}}')],
      }),
    )
    .withPanel(
      curves({
        title: 'Gradient norms',
        description: 'Euclidean norms of the mean gradients. Near zero: a network that learns nothing.',
        unit: 'none',
        queries: [query(`ganglion_gradient_norm{${RUN}}`, '{{run}} {{network}}')],
      }),
    )
    .withPanel(
      curves({
        title: 'Evaluation',
        description: 'What was measured of the newest checkpoint that was evaluated.',
        unit: 'none',
        queries: [query(`ganglion_evaluation{${RUN}}`, '{{run}} {{measure}}')],
      }),
    )
    .withPanel(
      curves({
        title: 'Spread of samples',
        description:
          'Of a snapshot against as many reals: mean distance of two, and share of reals covered. Falling: mode collapse.',
        unit: 'percentunit',
        queries: [
          query(`ganglion_sample_diversity{${RUN}}`, '{{run}} diversity'),
          query(`ganglion_sample_coverage{${RUN}}`, '{{run}} coverage'),
        ],
      }),
    )
    .withRow(new RowBuilder('Where the time goes (all runs of the coordinator)'))
    .withPanel(
      curves({
        title: 'Samples per second',
        description: 'Real samples used.',
        unit: 'none',
        queries: [query(`sum by (instance) (rate(ganglion_samples_total{${FLEET}}[${WINDOW}]))`, '{{instance}}')],
      }),
    )
    .withPanel(
      stacked({
        title: 'A phase by part',
        description: 'Mean on the slowest worker. Exchange is what compute does not hide; wait is for data.',
        unit: 's',
        queries: [
          query(
            `sum by (part) (rate(${PARTS}_sum{${FLEET}}[${WINDOW}])) / sum by (part) (rate(${PARTS}_count{${FLEET}}[${WINDOW}]))`,
            '{{part}}',
          ),
        ],
      }),
    )
    .withPanel(
      curves({
        title: 'A phase by part, 95th percentile',
        description: 'Of the means of reports. Far above the mean: something disturbs now and then.',
        unit: 's',
        queries: [
          query(`histogram_quantile(0.95, sum by (part, le) (rate(${PARTS}_bucket{${FLEET}}[${WINDOW}])))`, '{{part}}'),
        ],
      }),
    )
    .withRow(new RowBuilder('Samples'))
    .withPanel(
      new Text()
        .title('Newest samples')
        .description('From fixed latents, as the coordinator draws them. The browser must reach its metrics port.')
        .mode(TextMode.Markdown)
        .content('![The newest samples of the run]($coordinator/samples/$run.png)')
        .height(14)
        .span(24),
    )
    .build();
}
