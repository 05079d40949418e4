import { Command } from 'commander';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';
import { formatOf, isForPeople, printOne } from '../output.ts';

export function doctorCommand(console: Console): Command {
  return new Command('doctor')
    .description('what this machine has, which backend is chosen, and how to get a better one')
    .addHelpText('after', examples('ganglion doctor', 'ganglion doctor -o name   # only the backend'))
    .action(async (_flags: object, command: Command) => {
      const { diagnose, formatDiagnosis } = await import('../../backend/doctor.ts');
      const diagnosis = await diagnose();
      const format = formatOf(command);
      if (isForPeople(format)) console.stdout.write(formatDiagnosis(diagnosis));
      else printOne(console, format, diagnosis, [], diagnosis.chosen);
    });
}
