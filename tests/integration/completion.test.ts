/** Proves that the real bash completes by the script that the program prints. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { PROGRAM } from './cluster.ts';

it('bash offers what may follow', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ganglion-completion-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, 'ganglion');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(program, 0o755);
  const offered = (...words: string[]) => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const script = `source <(ganglion completion bash)
      complete -p ganglion >/dev/null || exit 1
      COMP_WORDS=(ganglion ${line}); COMP_CWORD=${words.length}; _ganglion; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
    return execFileSync('bash', ['-c', script], { env, encoding: 'utf8' }).trimEnd().split('\n');
  };
  expect(offered('runs', 'wa')).toEqual(['watch', 'wait']);
  expect(offered('export', '--format', 'o')).toEqual(['onnx']);
  expect(offered('launch', '--pre')).toEqual(['--preset']);
});
