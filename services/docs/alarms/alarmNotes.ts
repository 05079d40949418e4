/** What the page of an alarm says beyond its rule, its thresholds and its advice. */
import type { AlarmName } from '../../report/alarms.ts';

export interface AlarmNotes {
  /** What the number is, and what it costs to leave it. */
  readonly means: string;
  /** Where to look, in this order. */
  readonly look: readonly string[];
  /** Where it is raised and nothing is wrong. */
  readonly harmless: string;
}

export const ALARM_NOTES: Readonly<Record<AlarmName, AlarmNotes>> = {
  nonFinite: {
    means:
      'One value is enough, so it knows no `raise`. What happens to the run is `onNonFinite`’s business: `stop` ends it before the update, `skip-phase` leaves the update out. The weights never take it in.',
    look: [
      'The sentence: tensor, shard and worker. A single shard is a minibatch; none is a sum that overflowed.',
      '`ganglion runs fetch RUN` lists `non_finite_<phase>.json`, which has the shards of each worker.',
      'Gradient norms and losses before it, on *Run* or in `metrics.jsonl`. The alert is [NonFiniteGradient](../alerts/NonFiniteGradient.md).',
    ],
    harmless: 'Never. With `skip-phase` a few of them in a long run are a fair price, and then it clears by itself.',
  },
  lossDivergence: {
    means:
      'The measure is the loss where D cannot tell real from fake: 2 log 2 for D with the loss `log`, say. Outputs of D that run away show here first; what G draws then is soon noise.',
    look: [
      'Losses on *Run* or on the live page: which network’s, and since when.',
      'Gradient norms: a norm that grows with the loss is a learning rate, one that does not is a D that is sure of itself.',
      'The newest samples: `ganglion sample RUN --to samples.png`.',
    ],
    harmless:
      'Where D’s outputs grow for long while the samples get better: raise `alarms.lossDivergence.raise`. With `wasserstein` nothing is judged, since that loss has no scale.',
  },
  discriminatorSaturation: {
    means:
      'D’s loss is measured against what it would be if D could not tell real from fake, less what label smoothing always leaves. Near zero its slope is gone, and what G gets is little, or noise.',
    look: [
      'D(x) and D(G(z)) on *Run*: at 1 and 0, and flat.',
      'G’s gradient norm: near zero as well means that G stands still ([generatorGradient](generatorGradient.md)).',
      'The newest samples: as long as they still change, G learns. The alert is [DiscriminatorSaturated](../alerts/DiscriminatorSaturated.md).',
    ],
    harmless: 'At the beginning of a run, for a while; on points, as long as G’s lie away from all of the data.',
  },
  generatorGradient: {
    means:
      'How large a gradient should be depends on the networks, so the run is its own measure: the highest that the smoothed norm was. One outlier moves neither.',
    look: [
      'Gradient norms on *Run*: both falling together is a run that is done, G’s alone is not.',
      'D(x) and D(G(z)): at 1 and 0 it is D that has won ([discriminatorSaturation](discriminatorSaturation.md)).',
      'The newest samples, from one picture to the next.',
    ],
    harmless: 'Late in a run whose learning rate falls by a schedule, or that has converged: the samples say which.',
  },
  modeCollapse: {
    means:
      'As many pictures as real samples, compared by distances of pixels: how far two pictures are apart (diversity), and how many reals have a picture near them (coverage; Naeem et al. 2020). Both are on *Run*, as `ganglion_sample_diversity` and `ganglion_sample_coverage`.',
    look: [
      'The newest samples before any number: on *Run*, on the live page, or `ganglion sample RUN --to samples.png`.',
      'Spread of samples: a fall is a collapse, and a low level from the start is data that pixels tell little of.',
      '`ganglion evaluate RUN --metrics prdc` for more samples than a snapshot has. The alert is [ModeCollapse](../alerts/ModeCollapse.md).',
    ],
    harmless:
      'Where pictures differ in what pixels hardly show, and where the data themselves are nearly alike: lower `raise`, or turn it off.',
  },
  emaGap: {
    means:
      'Pictures, evaluations and exports show G’s moving average. Far from the weights it shows another network than the one that trains.',
    look: [
      'The samples of both: `ganglion sample RUN --to average.png`, and `--live` for the weights as they are.',
      'G’s gradient norm and loss: weights that swing, or that run away.',
      '`ema.halfLifeSamples` in `ganglion runs get RUN -o yaml`, against the samples that a run uses in all.',
    ],
    harmless: 'In the first phases of a run, when the average still has much of the weights before training.',
  },
};
