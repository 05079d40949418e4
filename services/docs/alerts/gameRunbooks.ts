/** Runbooks of what goes wrong with the weights, and with the game between G and D. */
import type { Runbook } from './runbook.ts';

export const GAME_RUNBOOKS = {
  ReplicaDiverged: {
    means:
      'Workers had different weights after the same phase, which their hashes showed. Bits flip in bad memory and on hot devices, and where a machine runs another build. The run went back to the checkpoint on which all agreed.',
    look: [
      '`ganglion runs get RUN` and `ganglion runs watch RUN`: the phase, and each worker’s hash; the one that stands alone is named.',
      'That machine: the kernel’s log (`dmesg`, machine checks, ECC), temperatures, `nvidia-smi -q` for retired pages.',
      '`ganglion workers list -o wide`: whether all compute on the same kind of device.',
    ],
    panels: { Fleet: ['Faults', 'Generations', 'Version'] },
    steps: [
      'Take the worker that is named out of service, and test its memory: `ganglion workers drain NAME`.',
      'With two workers nobody knows which of them is wrong: take both off, or add a third.',
      'The fourth time a run fails. Take the machine away, then `ganglion runs resume RUN`.',
      'No checkpoint is left on which all agreed: compare more often (`reports.hashEveryPhases`), and keep more (`checkpoints.keep`).',
    ],
    over: 'Ten minutes after the last one. A worker that was wrong once is not well because it is quiet.',
  },
  NonFiniteGradient: {
    means:
      'A gradient, or a variance of batch norm, was NaN or infinite. It was not applied: the run stopped before it (`onNonFinite: stop`, the default) or left that update out (`skip-phase`).',
    look: [
      '`ganglion runs get RUN`: phase, tensor, shard and worker. From one shard it is that minibatch; from none, the sum overflowed.',
      '`non_finite_<phase>.json` in the run folder: `ganglion runs fetch RUN` lists what is there.',
      'The losses and gradient norms before it: a norm that grew for long is a learning rate, one jump is data.',
    ],
    panels: { Run: ['Gradient norms', 'Losses'], Fleet: ['Faults'] },
    steps: [
      'Launch anew with a lower learning rate of that network, `clipNorm`, or a penalty on D. The same config comes to the same NaN.',
      'One jump: `ganglion data check -f run.yaml` finds broken samples.',
      'From one worker only, on any data: look at its machine, as for [ReplicaDiverged](ReplicaDiverged.md).',
      'The alarm of it is [nonFinite](../alarms/nonFinite.md).',
    ],
    over: 'Ten minutes after the last one.',
  },
  ModeCollapse: {
    means:
      'The alarm [modeCollapse](../alarms/modeCollapse.md) of a run that is at work has been raised for a minute: its pictures are too alike, or leave most of the data out.',
    look: [
      'The newest samples, before any number: on *Run*, on the live page, or `ganglion sample RUN --to samples.png`.',
      '`ganglion runs get RUN`: diversity and coverage, and since which phase.',
    ],
    panels: { Run: ['Newest samples', 'Spread of samples', 'D(x) and D(G(z))'] },
    steps: [
      'Where the samples look well, leave it: distances of pixels know little of what a picture shows.',
      'Else go back to before it, and on with another config: lower learning rates (G’s first), larger batches, batch norm in G, a penalty on D, packs (`discriminator.packing`).',
      'A checkpoint from before: `ganglion checkpoints list RUN`, `ganglion sample RUN --phase N`. `resume --from-phase` alone comes to the same end, since the same config gives the same bits.',
    ],
    over: 'When the alarm is: two snapshots on end beyond its `clear`, by default. Or when the run ends.',
  },
  DiscriminatorSaturated: {
    means:
      'The alarm [discriminatorSaturation](../alarms/discriminatorSaturation.md) of a run that is at work has been raised for a minute: D tells real from fake with hardly a loss, and G has little to learn from.',
    look: [
      '`ganglion runs get RUN`: D’s loss, D(x) and D(G(z)), and since which phase.',
      'G’s gradient: where it is near zero as well, G learns nothing ([generatorGradient](../alarms/generatorGradient.md)); where not, it may still catch up.',
      'The newest samples. A run that has only begun may pass through it.',
    ],
    panels: { Run: ['Losses', 'D(x) and D(G(z))', 'Gradient norms', 'Newest samples'] },
    steps: [
      'Where the run has only begun, look again some hundred phases later.',
      'Launch anew with a lower learning rate of D, R1 (`objective.penalty.r1`) or dropout in D, smoothed labels, augmentation or noise on what D sees, or more steps of G.',
      'Where `objective.generator` is `minimax`, take `non-saturating`: it keeps its slope where D has won.',
    ],
    over: 'When the alarm is: ten reports on end beyond its `clear`, by default. Or when the run ends.',
  },
} as const satisfies Record<string, Runbook>;
