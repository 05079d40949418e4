/** What may stand at the place of the cursor, out of the one declaration of the commands; and what a shell needs to ask. */
import type { Command } from 'commander';
import { optionsOf, readCommandLine } from './commandLine.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * @param words behind `ganglion`, up to the cursor: the last is what is being written, and may be empty. Empty where a file or
 * a name that only the person knows is due.
 */
export function candidates(program: Command, words: readonly string[]): string[] {
  const written = words.at(-1) ?? '';
  const { command, open } = readCommandLine(program, words.slice(0, -1));
  const found = open ? (open.argChoices ?? []) : written.startsWith('-') ? flagsOf(command) : namesOf(command);
  return found.filter((one) => one.startsWith(written));
}

function namesOf(command: Command): string[] {
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  return [
    ...command
      .createHelp()
      .visibleCommands(command)
      .map((child) => child.name()),
    ...choices,
  ];
}

function flagsOf(command: Command): string[] {
  return [...optionsOf(command).flatMap(({ long }) => long ?? []), '--help'];
}

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# ganglion: completion for bash. To try it: source <(ganglion completion bash)
_ganglion() {
  local IFS=$'\\n'
  COMPREPLY=($(ganglion complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _ganglion ganglion
`,
  zsh: `#compdef ganglion
# ganglion: completion for zsh. To try it, behind compinit: source <(ganglion completion zsh)
_ganglion() {
  local -a found
  found=("\${(@f)$(ganglion complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
if [[ "\${funcstack[1]}" == _ganglion ]]; then _ganglion; else compdef _ganglion ganglion; fi
`,
  fish: `# ganglion: completion for fish. To try it: ganglion completion fish | source
function __ganglion_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (ganglion complete -- $words[2..] 2>/dev/null)
  if test -n "$found"; printf '%s\\n' $found; else; __fish_complete_path (commandline -ct); end
end
complete -c ganglion -f -a '(__ganglion_complete)'
`,
};

export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
