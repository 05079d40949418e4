/** Every shell block of the repository's pages, and the test that runs it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../services/config/packageRoot.ts';

export interface ShellBlock {
  readonly page: string;
  /** `sh` is a script; `console` has commands behind `$ `, and what they print. */
  readonly language: string;
  readonly text: string;
}

const LANGUAGES = /^(sh|bash|shell|shell-session|console|zsh|fish)$/;

interface Choice {
  readonly page: RegExp;
  readonly language?: string;
  /** What stands in the block. */
  readonly has?: RegExp;
}

/** The first that fits a block has it. A test asks for its blocks by its own name: `blocksRunBy`. */
export const RUNNERS: readonly (Choice & { readonly test: string })[] = [
  { test: 'tests/cluster/pages.test.ts', page: /^(README|docs\/on-kubernetes)\.md$/, has: /^kubectl /m },
  { test: 'tests/cluster/finiteRun.test.ts', page: /^deploy\/README\.md$/, has: /tls init/ },
  { test: 'tests/integration/newcomer.test.ts', page: /^README\.md$/, has: /^npm / },
  { test: 'tests/integration/pages.test.ts', page: /^(README|docs\/.*)\.md$/, language: 'sh' },
  { test: 'tests/integration/transcripts.test.ts', page: /^docs\//, language: 'console' },
];

/** Blocks that nothing runs. */
export const NOT_RUN: readonly (Choice & { readonly why: string })[] = [
  { page: /^CONTRIBUTING\.md$/, has: /npm run check/, why: 'They run these tests, or make a release.' },
  { page: /^deploy\/README\.md$/, has: /imagetools inspect/, why: 'They ask a registry of images.' },
  { page: /^deploy\/README\.md$/, has: /service\/nats/, why: 'No cluster of ours has NATS’s own CLI beside it.' },
];

export function fits({ page, language, has }: Choice, block: ShellBlock): boolean {
  return (
    page.test(block.page) &&
    (language ?? block.language) === block.language &&
    (has === undefined || has.test(block.text))
  );
}

/** By page, and in its order. */
export function shellBlocks(): readonly ShellBlock[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: packageRoot(),
    encoding: 'utf8',
  });
  return list
    .trim()
    .split('\n')
    .flatMap((page) =>
      [...readFileSync(join(packageRoot(), page), 'utf8').matchAll(/^ *```([\w-]+)\n(.*?)^ *```$/gms)]
        .map(([, language = '', text = '']) => ({ page, language, text }))
        .filter(({ language }) => LANGUAGES.test(language)),
    );
}

export function blocksRunBy(test: string): readonly ShellBlock[] {
  return shellBlocks().filter((block) => RUNNERS.find((runner) => fits(runner, block))?.test === test);
}
