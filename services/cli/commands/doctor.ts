import { Command } from 'commander';
import type { Console } from '../console.ts';
import { type Format, outputOption } from '../output.ts';

export function doctorCommand(console: Console): Command {
  return new Command('doctor')
    .description('what this machine has, which backend is chosen, and how to get a better one')
    .addOption(outputOption())
    .action(async ({ output }: { output: Format }) => {
      const { diagnose, formatDiagnosis } = await import('../../backend/doctor.ts');
      const diagnosis = await diagnose();
      if (output === 'json') console.stdout.write(`${JSON.stringify(diagnosis, null, 2)}\n`);
      else if (output === 'yaml') console.stdout.write((await import('yaml')).stringify(diagnosis));
      else console.stdout.write(formatDiagnosis(diagnosis));
    });
}
