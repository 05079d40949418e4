/** Proves what the bench's command line accepts, and that one clear sentence says what is wrong. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../services/bench/options.ts';
import { packageRoot } from '../../services/config/packageRoot.ts';

const SILENT = { out: () => undefined, err: () => undefined };

describe('the options', () => {
  it('are everything, as a table, on one thread', () => {
    const parts = ['replica', 'mend', 'reduce', 'runs', 'recovery', 'memory', 'page', 'newcomer', 'control', 'scaling'];
    const peers = { peerPython: undefined, peerThreads: availableParallelism() };
    expect(parseOptions([])).toEqual({ parts, output: 'table', threads: 1, memoryPhases: 10_000, ...peers });
  });

  it('measure the peers where their Python is given', () => {
    expect(parseOptions(['--peer-python', 'python3']).parts).toContain('peers');
    const options = parseOptions(['--only', 'peers', '--peer-python', 'python3', '--peer-threads', '4']);
    expect(options).toMatchObject({ parts: ['peers'], peerPython: 'python3', peerThreads: 4 });
  });

  it.each([
    [['--only', 'reduce'], ['reduce']],
    [
      ['--only', 'runs', 'replica'],
      ['replica', 'runs'],
    ],
    [
      ['--only', 'runs', '--only', 'reduce'],
      ['reduce', 'runs'],
    ],
    [['--only', 'mend', '-o', 'json'], ['mend']],
  ])('%j measures %j, in the order of the report', (argv, parts) => {
    expect(parseOptions(argv).parts).toEqual(parts);
  });

  it.each([['-o'], ['--output']])('%s json', (flag) => {
    expect(parseOptions([flag, 'json']).output).toBe('json');
  });

  it('--threads 4', () => {
    expect(parseOptions(['--threads', '4']).threads).toBe(4);
  });

  it('--memory-phases 50000', () => {
    expect(parseOptions(['--memory-phases', '50000']).memoryPhases).toBe(50_000);
  });
});

describe('wrong usage', () => {
  it.each([
    [['--only', 'fast'], "option '--only <part...>' argument 'fast' is invalid. Allowed choices are replica, peers"],
    [['--only', 'peers'], 'the part peers needs --peer-python <path>.'],
    [['-o', 'xml'], "argument 'xml' is invalid. Allowed choices are table, json."],
    [['--threads', '0'], "argument '0' is invalid. Whole numbers from 1 to 256 are allowed."],
    [['--memory-phases', '1999'], "argument '1999' is invalid. Whole numbers from 2000 to 1000000 are allowed."],
    [['--threads', '1.5'], 'Whole numbers from 1 to 256 are allowed.'],
    [['--onyl', 'runs'], "unknown option '--onyl'"],
    [['runs'], 'too many arguments'],
  ])('%j is named', (argv, sentence) => {
    const said: string[] = [];
    expect(() => parseOptions(argv, { ...SILENT, err: (text) => said.push(text) })).toThrow();
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^bench: /);
    expect(said[0]).toContain(sentence);
  });
});

describe('the program', () => {
  const bench = (...args: string[]) =>
    spawnSync(process.execPath, [join(packageRoot(), 'dist/services/bench/main.js'), ...args], { encoding: 'utf8' });

  it('ends with 2 for wrong usage, and prints nothing but the sentence', () => {
    const { status, stdout, stderr } = bench('--only', 'fast');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^bench: .*'fast' is invalid\..*\n$/);
  });

  it('explains its parts', () => {
    const { status, stdout } = bench('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('images/s of whole runs');
  });
});
