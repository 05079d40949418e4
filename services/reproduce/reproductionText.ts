/** REPRODUCTION.md, out of the result files: each experiment beside what was published. */
import type { Experiment } from './experiments.ts';
import type { Result, ResultRun } from './resultFile.ts';

const HEAD = `# Reproduction

Made by \`npm run reproduce\` out of the files in \`.github/reproduction\`; do not edit. \`npm run reproduce -- NAME\` runs one experiment again, from its preset to these numbers:
the same commit, seed and device class give the same weights, whose SHA-256 is here. Everything ran on CPU cores, with the workers that are named.
Parzen log-likelihoods are by the authors' protocol (10,000 samples, σ from validation data, 10,000 test images); under it k-means centroids beat true training samples (Theis et al. 2016), so it says little of quality.
`;

export function reproductionText(experiments: readonly Experiment[], results: ReadonlyMap<string, Result>): string {
  const parts = experiments.flatMap((experiment) => {
    const result = results.get(experiment.name);
    return result === undefined ? [] : [section(experiment, result)];
  });
  return [HEAD, ...parts].join('\n');
}

function section({ name, title, published, arms, seeds }: Experiment, result: Result): string {
  const { runs, commit, date, cores, settings, pictures } = result;
  const own = settings.map((setting) => ` --set ${setting}`).join('');
  const wanted = arms.length * seeds;
  const lines = [
    `## ${title}`,
    '',
    `\`npm run reproduce -- ${name}${own}\`, ${date}, commit ${commit}, ${runs[0]?.workers} workers on ${cores} cores, ${runs[0]?.device}.`,
    '',
    ...table(
      arms.map(({ label }) => label),
      runs,
    ),
    '',
    ...(runs.length < wanted ? [`Broken off after ${runs.length} of ${wanted} runs.`, ''] : []),
    ...curve(runs),
    ...published.map((sentence) => `Published: ${sentence}`).flatMap((sentence) => [sentence, '']),
    ...pictures.flatMap(({ file, caption }) => [`![${caption}](.github/reproduction/${name}/${file})`, '']),
  ];
  return lines.join('\n');
}

/** A line for each run, by the measures of its last evaluation. */
function table(arms: readonly string[], runs: readonly ResultRun[]): string[] {
  const names = [
    ...new Set(runs.flatMap(({ evaluations }) => (evaluations.at(-1)?.measures ?? []).map(({ name }) => name))),
  ];
  const ordered = arms.flatMap((arm) => runs.filter((run) => run.arm === arm));
  return [
    `| run | seed | ${names.join(' | ')} | phases | a second | minutes | weights |`,
    `| --- | --- | ${names.map(() => '---').join(' | ')} | --- | --- | --- | --- |`,
    ...ordered.map(({ arm, seed, phases, minutes, weightsSha256, evaluations }) => {
      const measures = evaluations.at(-1)?.measures ?? [];
      const cells = names.map((name) => {
        const found = measures.find((measure) => measure.name === name);
        if (found === undefined) return '';
        return `${short(found.value)}${found.standardError === undefined ? '' : ` ± ${short(found.standardError)}`}`;
      });
      return `| ${arm} | ${seed} | ${cells.join(' | ')} | ${phases} | ${(phases / minutes / 60).toFixed(1)} | ${minutes.toFixed(1)} | \`${weightsSha256.slice(0, 12)}\` |`;
    }),
  ];
}

/** Of runs that were evaluated along the way: the first measure by phase. */
function curve(runs: readonly ResultRun[]): string[] {
  const long = runs.filter(({ evaluations }) => evaluations.length > 1);
  return long.flatMap(({ arm, evaluations }) => {
    const points = evaluations.map(
      ({ phase, measures }) => `${phase.toLocaleString('en')}: ${short(measures[0]?.value ?? Number.NaN)}`,
    );
    return [`${arm}, ${evaluations[0]?.measures[0]?.name} after so many phases: ${points.join(', ')}.`, ''];
  });
}

function short(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(1) : value.toPrecision(3);
}
