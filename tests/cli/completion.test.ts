/** Proves that completion offers what the program declares at the place of the cursor, and nothing where only a person knows. */
import { describe, expect, it } from 'vitest';
import { ganglion } from './fakeConsole.ts';

const offered = async (...words: string[]) => {
  const { out } = await ganglion(['complete', '--', ...words]);
  return out.split('\n').filter((line) => line !== '');
};

describe('what is offered', () => {
  it('commands, those that begin so', async () => {
    const all = await offered('');
    expect(all).toEqual(expect.arrayContaining(['quickstart', 'launch', 'runs', 'export', 'completion', 'help']));
    expect(all).not.toContain('complete');
    expect(await offered('lau')).toEqual(['launch']);
    expect(await offered('runs', 'p')).toEqual(['pause']);
  });

  it('flags of a command and those of the program, and the values that a flag may have', async () => {
    const flags = await offered('export', 'run-1', '--');
    expect(flags).toEqual(expect.arrayContaining(['--format', '--to', '--live', '--coordinator', '--help']));
    expect(flags).not.toContain('--workers');
    expect(await offered('export', 'run-1', '--format', '')).toEqual(['safetensors', 'tfjs', 'onnx']);
    expect(await offered('runs', 'list', '-o', 'js')).toEqual(['json', 'jsonl']);
    expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('nothing for a file, and a command behind a flag’s value', async () => {
    expect(await offered('launch', '-f', '')).toEqual([]);
    expect(await offered('--timeout', '5', 'runs', 'li')).toEqual(['list']);
    expect(await offered('--coordinator=127.0.0.1:1', 'work')).toEqual(['workers', 'worker']);
  });
});

it('refuses a shell that it does not know', async () => {
  const { code, err } = await ganglion(['completion', 'ksh']);
  expect([code, err]).toEqual([2, expect.stringContaining('Allowed choices are bash, zsh, fish.')]);
});
