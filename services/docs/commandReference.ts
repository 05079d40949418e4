/** The page of every command, out of the declarations that `--help` prints. */
import { Readable, Writable } from 'node:stream';
import type { Command } from 'commander';
import { createProgram } from '../cli/program.ts';
import { readEnvironment } from '../config/environment.ts';
import { documentLinks } from './documents.ts';

const HEAD = `# Commands

What \`--help\` says of each command, and the JSON Schema of what it prints with \`-o json\`; with \`-o jsonl\` a list is its items, one a line. Made by \`npm run generate\`; do not edit.
`;

export function commandReference(): string {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  // An empty environment: its variables are defaults of the flags.
  const program = createProgram({
    stdin: Readable.from([]),
    stdout: nowhere,
    stderr: nowhere,
    environment: readEnvironment({}),
    exitCode: 0,
  });
  return [HEAD, ...[program, ...leaves(program)].flatMap(section)].join('\n');
}

function leaves(command: Command): Command[] {
  return visible(command).flatMap((child) => (visible(child).length === 0 ? [child] : leaves(child)));
}

/** Without hidden commands, and without `help`, which every command has. */
function visible(command: Command): Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
}

function section(command: Command): string[] {
  let help = '';
  command.configureOutput({
    writeOut: (text) => (help += text),
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  const name = fullName(command);
  const links = documentLinks(name.replace(/^\S+ ?/, ''));
  const json = links === '' ? [] : [`\`-o json\`: ${links}.`, ''];
  return [`## ${name}`, '', '```text', help.trimEnd(), '```', '', ...json];
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}
