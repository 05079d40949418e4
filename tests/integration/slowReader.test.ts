/** Proves that a reader that is slow gets all of an output that is larger than a pipe, and that one may go away. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { runConfigJsonSchema } from '../../services/config/schema.ts';

it('config schema, read a second later', () => {
  const program = join(packageRoot(), 'dist', 'services', 'cli', 'main.js');
  // A shell's pipe holds 64 KiB; what Node gives a child is a socket, which holds more.
  const text = execFileSync('sh', ['-c', '"$0" "$1" config schema | (sleep 1; cat)', process.execPath, program], {
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  expect(text.length).toBeGreaterThan(2 ** 16);
  expect(JSON.parse(text)).toEqual(runConfigJsonSchema());
});

it.each([
  ['cli', '--help'],
  ['bench', '--help'],
  ['reproduce', '--help'],
])('a reader of %s that goes away at once is no error', (room, flag) => {
  const program = join(packageRoot(), 'dist', 'services', room, 'main.js');
  const { stderr } = spawnSync('sh', ['-c', '"$0" "$1" "$2" | true', process.execPath, program, flag], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
});
