import { Command } from 'commander';
import { packageVersion } from '../../config/packageRoot.ts';
import type { Console } from '../console.ts';
import type { Version } from '../documents.ts';
import { examples } from '../examples.ts';
import { formatOf, printOne } from '../output.ts';

export function versionCommand(console: Console): Command {
  return new Command('version')
    .description('the version of this program, and of what runs it')
    .addHelpText('after', examples('ganglion version', 'ganglion version -o json'))
    .action((_flags: object, command: Command) => {
      const found: Version = {
        ganglion: packageVersion(),
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
      };
      printOne(console, formatOf(command), found, Object.entries(found), found.ganglion);
    });
}
