/** Rules over the thresholds of alarms, which the schema cannot say. */
import type { RunConfig } from './runConfig.ts';

/** Cleared on the well side of where it is raised, or it would be raised and cleared by turns. */
export function brokenAlarms({ alarms }: RunConfig): string[] {
  if (alarms === 'off') return [];
  const { discriminatorSaturation, generatorGradient, lossDivergence, modeCollapse, emaGap } = alarms;
  const pairs = {
    discriminatorSaturation: { ...sectionOf(discriminatorSaturation), sickIf: 'below' },
    generatorGradient: { ...sectionOf(generatorGradient), sickIf: 'below' },
    lossDivergence: { ...sectionOf(lossDivergence), sickIf: 'above' },
    emaGap: { ...sectionOf(emaGap), sickIf: 'above' },
    'modeCollapse.diversity': { ...sectionOf(modeCollapse)?.diversity, sickIf: 'below' },
    'modeCollapse.coverage': { ...sectionOf(modeCollapse)?.coverage, sickIf: 'below' },
  };
  return Object.entries(pairs).flatMap(([name, { raise, clear, sickIf }]) => {
    if (raise === undefined || clear === undefined) return [];
    const isWell = sickIf === 'below' ? clear >= raise : clear <= raise;
    const allowed = `at ${sickIf === 'below' ? 'least' : 'most'} ${raise}, which is alarms.${name}.raise`;
    return isWell ? [] : [`alarms.${name}.clear: found ${clear}; allowed: ${allowed}.`];
  });
}

function sectionOf<Section extends object>(section: Section | 'off'): Section | undefined {
  return section === 'off' ? undefined : section;
}
