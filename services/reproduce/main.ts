/** `npm run reproduce -- NAME [--set field=value]…`: one experiment, its result file, and REPRODUCTION.md. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../config/packageRoot.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { EXPERIMENTS } from './experiments.ts';
import { reproductionText } from './reproductionText.ts';
import { readResults } from './resultFile.ts';
import { runExperiment } from './runExperiment.ts';

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { set: { type: 'string', multiple: true, default: [] } },
  });
  for (const name of positionals) {
    const experiment = EXPERIMENTS.find((known) => known.name === name);
    if (experiment === undefined) {
      throw new GanglionError({
        code: 'invalid-argument',
        message: `There is no experiment '${name}'.`,
        remedy: `Choose of ${EXPERIMENTS.map((known) => known.name).join(', ')}; without one, REPRODUCTION.md is written anew.`,
      });
    }
    await runExperiment(experiment, values.set, (line) => process.stderr.write(`${line}\n`));
  }
  const file = join(packageRoot(), 'REPRODUCTION.md');
  await writeFile(file, reproductionText(EXPERIMENTS, await readResults()));
  process.stdout.write('REPRODUCTION.md\n');
}

main().catch((error: unknown) => {
  if (!(error instanceof GanglionError)) throw error;
  process.stderr.write(`${error.message} ${error.remedy}\n`);
  process.exitCode = 1;
});
