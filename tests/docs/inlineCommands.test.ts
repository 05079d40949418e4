/** Proves that every command that a page names in passing is one of the program's, with flags that it has. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { createProgram } from '../../services/cli/program.ts';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { fakeConsole } from '../cli/fakeConsole.ts';

const PAGES = execFileSync('git', ['ls-files', 'README.md', 'docs/**.md', 'deploy/*.md'], {
  cwd: packageRoot(),
  encoding: 'utf8',
})
  .trim()
  .split('\n');

/** What stands between backquotes in a line, outside of blocks. */
const NAMED = PAGES.flatMap((page) => {
  const text = readFileSync(join(packageRoot(), page), 'utf8').replace(/^```.*?^```$/gms, '');
  return [...text.matchAll(/`(?:npx )?ganglion ([a-z][^`\n]*)`/g)].map(([, words = '']) => ({ page, words }));
});

const program = createProgram(fakeConsole());

/** The command that the first words name, shortened perhaps, and the words behind it. */
function named(words: readonly string[], command: Command = program): { command: Command; rest: readonly string[] } {
  const [first = '', ...rest] = words;
  const all = command.commands.filter((one) => first !== '' && one.name().startsWith(first));
  const child = all.find((one) => one.name() === first) ?? (all.length === 1 ? all[0] : undefined);
  return child ? named(rest, child) : { command, rest: words };
}

function flagsOf(command: Command): string[] {
  const own = command.options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag !== undefined);
  return command.parent ? [...own, ...flagsOf(command.parent)] : own;
}

it('there are some', () => expect(NAMED.length).toBeGreaterThan(80));

it.each([...new Map(NAMED.map((one) => [one.words, one])).values()])('ganglion $words ($page)', ({ words }) => {
  // `runs pause|resume RUN` is both.
  const [head = '', ...tail] = words
    .replaceAll(/[[\]…]/g, ' ')
    .trim()
    .split(/\s+/);
  const variants = (tail[0] ?? '').includes('|') ? (tail[0] ?? '').split('|') : [tail[0] ?? ''];
  for (const variant of variants) {
    const { command, rest } = named([head, ...(variant === '' ? [] : [variant]), ...tail.slice(1)]);
    expect(command).not.toBe(program);
    // A group says nothing alone but in passing; a word behind it would be a command that is not there.
    if (command.commands.length > 0) expect(rest.filter((word) => !word.startsWith('-'))).toEqual([]);
    const flags = rest.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*/, ''));
    expect([...flagsOf(command), '--help', '--version']).toEqual(expect.arrayContaining(flags));
  }
});
