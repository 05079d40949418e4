/** Proves that every link within the repository's pages leads to a file that is there, and to a heading that it has; and that links lead to every page. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import GithubSlugger from 'github-slugger';
import { expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';

const PAGES = execFileSync('git', ['ls-files', '*.md'], { cwd: packageRoot(), encoding: 'utf8' }).trim().split('\n');
const textOf = (page: string) => readFileSync(join(packageRoot(), page), 'utf8').replace(/^```.*?^```$/gms, '');

function headingsOf(page: string): Set<string> {
  const slugger = new GithubSlugger();
  const headings = [...textOf(page).matchAll(/^#+ (.+)$/gm)];
  return new Set(headings.map(([, heading = '']) => slugger.slug(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'))));
}

const linksOf = (page: string) =>
  [
    ...textOf(page)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, target = '']) => target);

it('finds pages, links and headings', () => {
  expect(PAGES).toEqual(expect.arrayContaining(['README.md', 'docs/errors.md', 'deploy/README.md']));
  expect(PAGES.flatMap(linksOf).length).toBeGreaterThan(40);
  expect(headingsOf('docs/errors/disk.md')).toContain('what-to-do');
});

const fileOf = (page: string, path: string) => (path === '' ? page : normalize(join(dirname(page), path)));

it.each(PAGES)('%s', (page) => {
  for (const target of linksOf(page)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = '', anchor] = target.split('#');
    const file = fileOf(page, path);
    expect(existsSync(join(packageRoot(), file)), `${page} → ${target}`).toBe(true);
    if (anchor !== undefined) expect(headingsOf(file), `${page} → ${target}`).toContain(anchor);
  }
});

it('every page of docs/ can be reached from the README', () => {
  const reached = new Set(['README.md']);
  // A set's loop comes to what is added meanwhile.
  for (const page of reached) {
    for (const target of linksOf(page)) {
      const file = fileOf(page, target.replace(/#.*/, ''));
      if (PAGES.includes(file)) reached.add(file);
    }
  }
  expect(PAGES.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
});
