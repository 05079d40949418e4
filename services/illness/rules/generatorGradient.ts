/**
 * G's gradient vanishes: its norm is a small share of the most that it was. The scale of a gradient depends on the networks,
 * so the run itself is the measure: the highest that a smoothed norm was. It is smoothed by its logarithm, so that one
 * outlier moves neither.
 */
import { figure, percent, type Rule, type RuleMemory } from '../rule.ts';

/** Of the newest report in the smoothed logarithm: ten reports later an old one has 35 % left. */
const NEWEST_WEIGHT = 0.1;
/** Stands for 0, which has no logarithm. */
const NORM_MIN = 1e-30;

export const generatorGradient: Rule = {
  name: 'generatorGradient',
  advice:
    'Take the non-saturating or another loss (objective), make D weaker, and look for dead units: leaky-relu instead of relu, ' +
    'batch-norm in G, a lower learning rate.',
  look(seen, { generatorGradient: limits }, _config, memory) {
    const norm = seen.kind === 'report' ? seen.statistics.generatorGradientNorm : undefined;
    if (limits === 'off' || norm === undefined) return undefined;
    const now = remember(Math.log(Math.max(norm, NORM_MIN)), memory);
    const peak = Math.exp(now.peak);
    const what = `The norm of G’s gradient is ${figure(norm)}, ${percent(norm / peak)} of what it was`;
    const { raise, clear } = limits;
    const reading = { what, value: norm, raise: raise * peak, clear: clear * peak, sickIf: 'below' } as const;
    return { ...limits, readings: [reading], memory: now };
  },
  recall(threshold, { generatorGradient: limits }) {
    if (limits === 'off' || threshold <= 0 || limits.raise <= 0) return undefined;
    const peak = Math.log(threshold / limits.raise);
    return { level: peak, peak };
  },
};

function remember(norm: number, memory: RuleMemory | undefined): RuleMemory {
  if (memory === undefined) return { level: norm, peak: norm };
  const level = (1 - NEWEST_WEIGHT) * memory.level + NEWEST_WEIGHT * norm;
  return { level, peak: Math.max(memory.peak, level) };
}
