import { Command } from 'commander';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';
import { formatOf } from '../output.ts';

export function doctorCommand(console: Console): Command {
  return new Command('doctor')
    .description('what this machine has, which backend is chosen, and how to get a better one')
    .addHelpText('after', examples('ganglion doctor', 'ganglion doctor -o name   # only the backend'))
    .action(async (_flags: object, command: Command) => {
      const { diagnose, formatDiagnosis } = await import('../../backend/doctor.ts');
      const diagnosis = await diagnose();
      switch (formatOf(command)) {
        case 'json':
          console.stdout.write(`${JSON.stringify(diagnosis, null, 2)}\n`);
          return;
        case 'yaml':
          console.stdout.write((await import('yaml')).stringify(diagnosis));
          return;
        case 'name':
          console.stdout.write(`${diagnosis.chosen}\n`);
          return;
        case 'table':
        case 'wide':
          console.stdout.write(formatDiagnosis(diagnosis));
      }
    });
}
