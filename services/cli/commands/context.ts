import { resolve } from 'node:path';
import { Command } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { BadgeFlags } from '../badge.ts';
import { type Console, note } from '../console.ts';
import type { ContextsFile } from '../contexts.ts';
import type { ContextRow } from '../documents.ts';
import { examples } from '../examples.ts';
import { type Column, formatOf, isForPeople, printOne, printRows } from '../output.ts';

const COLUMNS: readonly Column<ContextRow>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'CURRENT', value: ({ current }) => (current ? '*' : '') },
  { title: 'COORDINATOR', value: ({ coordinator }) => coordinator },
  { title: 'TLS DIR', value: ({ tlsDir }) => tlsDir ?? '–' },
  { title: 'TOKEN FILE', value: ({ tokenFile }) => tokenFile ?? '–' },
];

export function contextCommand(console: Console): Command {
  const context = new Command('context').description('coordinators by name: --context NAME, or the current one');
  context
    .command('add <name>')
    .description('remember --coordinator, --tls-dir and --token-file by a name, in the place of one that has it')
    .addHelpText(
      'after',
      examples('ganglion context add staging --coordinator trainer.example.org:7600 --tls-dir tls/client'),
    )
    .action(async (name: string, _flags: object, command: Command) => {
      const { coordinator, tlsDir, tokenFile } = command.optsWithGlobals<BadgeFlags & { coordinator: string }>();
      const contexts = await open(console);
      await contexts.add(name, {
        coordinator,
        ...(tlsDir !== undefined && { 'tls-dir': resolve(tlsDir) }),
        ...(tokenFile !== undefined && { 'token-file': resolve(tokenFile) }),
      });
      note(console, `${name} is ${coordinator}; \`ganglion context use ${name}\` makes it the current one.`);
      printForPrograms(console, command, rowOf(contexts, name));
    });
  context
    .command('use <name>')
    .description('make it the current one: it counts where no coordinator is named')
    .addHelpText('after', examples('ganglion context use staging'))
    .action(async (name: string, _flags: object, command: Command) => {
      const contexts = await open(console);
      await contexts.use(name);
      note(console, `${name} is the current context.`);
      printForPrograms(console, command, rowOf(contexts, name));
    });
  context
    .command('list')
    .description('every context, by name')
    .addHelpText('after', examples('ganglion context list', 'ganglion context list -o json'))
    .action(async (_flags: object, command: Command) => {
      const rows = rowsOf(await open(console));
      const format = formatOf(command);
      if (rows.length === 0 && isForPeople(format))
        return note(console, 'There are no contexts yet; `ganglion context add` makes one.');
      printRows(console, format, rows, COLUMNS, ({ name }) => name);
    });
  context
    .command('remove <name>')
    .description('forget it; where it was the current one, none is')
    .addHelpText('after', examples('ganglion context remove staging'))
    .action(async (name: string, _flags: object, command: Command) => {
      const contexts = await open(console);
      const row = rowOf(contexts, name);
      await contexts.remove(name);
      note(console, `${name} is removed.`);
      printForPrograms(console, command, row);
    });
  return context;
}

function rowsOf(contexts: ContextsFile): ContextRow[] {
  return contexts.names.map((name) => rowOf(contexts, name));
}

function rowOf(contexts: ContextsFile, name: string): ContextRow {
  const { coordinator, 'tls-dir': tlsDir, 'token-file': tokenFile } = contexts.get(name);
  return { name, current: name === contexts.current, coordinator, tlsDir, tokenFile };
}

/** A person was told in a sentence. */
function printForPrograms(console: Console, command: Command, row: ContextRow): void {
  const format = formatOf(command);
  if (!isForPeople(format)) printOne(console, format, row, [], row.name);
}

async function open({ environment: { configFolder } }: Console): Promise<ContextsFile> {
  const { ContextsFile } = await import('../contexts.ts');
  if (configFolder !== undefined) return ContextsFile.open(configFolder);
  throw new GanglionError({
    code: 'invalid-argument',
    message: 'There is no folder for settings: neither XDG_CONFIG_HOME nor HOME is set.',
    remedy: 'Set XDG_CONFIG_HOME to a folder.',
  });
}
