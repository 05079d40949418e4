/** Proves that `npm run reproduce` says in one sentence what it does not know, and what it does. */
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../services/reproduce/options.ts';

function asked(...argv: string[]) {
  let out = '';
  let err = '';
  const print = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  try {
    return { options: parseOptions(argv, print), out, err };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { exitCode: error.exitCode, out, err };
  }
}

describe('options of reproduce', () => {
  it('takes experiments and settings', () => {
    const { options } = asked('ring8', 'figure1', '--set', 'epochs=2', '--set', 'seed=3');
    expect(options).toEqual({ names: ['ring8', 'figure1'], settings: ['epochs=2', 'seed=3'] });
    expect(asked().options).toEqual({ names: [], settings: [] });
  });

  it('lists the experiments in its help', () => {
    const { exitCode, out } = asked('--help');
    expect(exitCode).toBe(0);
    expect(out).toContain('Figure 1: a Gaussian on the line');
  });

  it.each([
    [['--sets', 'a=1'], /^reproduce: unknown option '--sets'/],
    [['ring9'], /^reproduce: .*'ring9' is invalid.*Allowed choices are figure1, mnist-paper/],
  ])('refuses %j', (argv, sentence) => {
    const { exitCode, err } = asked(...argv);
    expect(exitCode).not.toBe(0);
    expect(err).toMatch(sentence);
  });
});
