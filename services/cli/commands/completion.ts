import { Argument, Command } from 'commander';
import { candidates, completionScript, SHELLS, type Shell } from '../completion.ts';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';

export function completionCommand(console: Console): Command {
  return new Command('completion')
    .description('what a shell needs to complete commands and flags')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText(
      'after',
      examples(
        'ganglion completion bash >> ~/.bash_completion',
        'ganglion completion zsh > ~/.zfunc/_ganglion   # a folder of fpath',
        'ganglion completion fish > ~/.config/fish/completions/ganglion.fish',
      ),
    )
    .action((shell: Shell) => void console.stdout.write(completionScript(shell)));
}

export const COMPLETE = 'complete';

/** Hidden: people have no use for it. */
export function completeCommand(console: Console): Command {
  return new Command(COMPLETE)
    .description('what a shell asks at each key: the words that may follow')
    .argument('[words...]', 'of the command line, behind `ganglion`, up to the cursor')
    .addHelpText('after', examples('ganglion complete -- runs wa'))
    .action((words: string[], _flags: object, command: Command) => {
      const program = command.parent ?? command;
      for (const candidate of candidates(program, words)) console.stdout.write(`${candidate}\n`);
    });
}
