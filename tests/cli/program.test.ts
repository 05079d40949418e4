/** Proves what needs no coordinator: usage errors with exit code 2 and the nearest name, help, dry runs, schema, presets. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadPreset, presetNames } from '../../services/config/presets.ts';
import { resolveRunConfig } from '../../services/config/resolve.ts';
import { SMALL_YAML } from '../config/configs.ts';
import { ganglion } from './fakeConsole.ts';
import { leaves, nameOf } from './leaves.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(text: string): Promise<string> {
  const path = join(folder, 'run.yaml');
  await writeFile(path, text);
  return path;
}

describe('wrong usage', () => {
  const cases: readonly (readonly [argv: string, text: string, code?: string])[] = [
    ['lunch', "ganglion: unknown command 'lunch'\n(Did you mean launch?)\n  See `ganglion --help`.\n"],
    ['runs lst', "ganglion: unknown command 'lst'\n(Did you mean list?)\n  See `ganglion runs --help`.\n"],
    ['runs list --foo', "ganglion: unknown option '--foo'\n  See `ganglion runs list --help`.\n"],
    ['runs get', "ganglion: missing required argument 'run'\n  See `ganglion runs get --help`.\n"],
    [
      'runs list -o jsn',
      "ganglion: option '-o, --output <format>' argument 'jsn' is invalid. Allowed choices are table, wide, json, jsonl, yaml, name.\n  See `ganglion --help`.\n",
    ],
    [
      '--timeout soon runs list',
      "ganglion: --timeout: found 'soon'; a number of seconds above 0 is allowed.\n  Write --timeout 30, say.\n",
      'invalid-argument',
    ],
    [
      'coordinator --port 70000',
      "ganglion: --port: found '70000'; whole numbers from 0 to 65535 are allowed.\n  Write --port 0, say.\n",
      'invalid-argument',
    ],
    [
      'quickstart --workers 0x2',
      "ganglion: --workers: found '0x2'; whole numbers from 1 to 64 are allowed.\n  Write --workers 1, say.\n",
      'invalid-argument',
    ],
    [
      'launch',
      'ganglion: launch: neither a file nor a preset was given.\n' +
        '  Write `ganglion launch -f run.yaml` or `ganglion launch --preset mnist-quick`.\n',
      'invalid-argument',
    ],
    [
      'launch --preset mnist-quik',
      "ganglion: There is no preset 'mnist-quik'.\n  Did you mean 'mnist-quick'? Choose one of cifar10-dcgan, cifar10-paper-conv, cifar10-paper-fc, conditional-mnist, figure1, grid25, mnist-dcgan, mnist-modern, mnist-paper, mnist-quick, ring8, stacked-mnist-r3gan.\n",
      'invalid-argument',
    ],
    [
      'launch --preset mnist-quick --set batchsize=3 --dry-run',
      "ganglion: preset mnist-quick with --set: batchsize: unknown field; did you mean 'batchSize'?\n" +
        '  See `ganglion config schema` for every field, its meaning and its bounds.\n',
      'invalid-config',
    ],
  ];
  it.each(cases.map(([argv, text, code]) => ({ argv, text, code })))('$argv', async ({ argv, text, code }) => {
    const page = code === undefined ? '' : `  ${code}: docs/errors/${code}.md\n`;
    expect(await ganglion(argv.split(' '))).toEqual({ code: 2, out: '', err: text + page });
  });

  it.each(['launch -f /nowhere/run.yaml', 'worker --backend gpu', 'checkpoints verify . --phase -1'])(
    '%s',
    async (argv) => {
      const { code, out, err } = await ganglion(argv.split(' '));
      expect([code, out]).toEqual([2, '']);
      // Ours have a line for the code as well; Commander’s have none.
      expect(err).toMatch(/^ganglion: .+\n {2}.+\n(?: {2}invalid-argument: .+\n)?$/);
    },
  );

  it.each([
    ['--host', '0.0.0.0'],
    ['--http-host', '::'],
    ['--host', '127.evil.example'],
    ['--peer-host', '10.0.0.7'],
  ])('a service refuses %s %s without TLS, and says both ways out', async (flag, host) => {
    const { code, err } = await ganglion([flag === '--peer-host' ? 'worker' : 'coordinator', flag, host]);
    expect(code).toBe(1);
    expect(err).toContain(`${flag} ${host} would listen beyond this machine without TLS`);
    expect(err).toMatch(/--tls-dir.*--insecure/);
  });
});

describe('help', () => {
  it('is a result: on stdout, with exit code 0, with the exit codes', async () => {
    const { code, out, err } = await ganglion(['--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Exit codes: 0 done, 1 error, 2 wrong usage or config, 3 the run failed or was cancelled,');
  });

  it('of every command has a description, an example that names it, and the global options', () => {
    const names: string[] = [];
    for (const command of leaves()) {
      const name = nameOf(command);
      names.push(name);
      expect(command.description(), name).not.toBe('');
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help, name).toContain(`Examples:\n  ganglion ${name}`);
      expect(help, name).toContain('--coordinator <host:port>');
    }
    expect(names.sort()).toEqual([
      'backend install',
      'chaos',
      'checkpoints list',
      'checkpoints verify',
      'classifier train',
      'complete',
      'completion',
      'config explain',
      'config init',
      'config presets',
      'config schema',
      'config validate',
      'context add',
      'context list',
      'context remove',
      'context use',
      'coordinator',
      'data check',
      'data download',
      'doctor',
      'evaluate',
      'export',
      'figure1',
      'interpolate',
      'launch',
      'neighbours',
      'quickstart',
      'report',
      'runs cancel',
      'runs fetch',
      'runs get',
      'runs list',
      'runs pause',
      'runs resume',
      'runs wait',
      'runs watch',
      'sample',
      'simulate',
      'tls init',
      'tls issue',
      'trace',
      'version',
      'worker',
      'workers drain',
      'workers list',
    ]);
  });

  it('shows flags with the environment as their default', async () => {
    const { out } = await ganglion(['worker', '--help'], { environment: { backend: 'wasm', coordinator: 'c:1' } });
    expect(out).toMatch(/--backend[\s\S]*default:\s*"wasm"/);
    expect(out).toContain('"c:1"');
  });

  it('--version prints the version', async () => {
    expect((await ganglion(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('launch --dry-run', () => {
  it('prints the resolved config of a preset, asking nobody', async () => {
    const { code, out, err } = await ganglion([
      'launch',
      '--preset',
      'mnist-paper',
      '--dry-run',
      '--coordinator',
      'x:1',
    ]);
    expect([code, err]).toEqual([0, '']);
    expect(parse(out)).toEqual(resolveRunConfig(loadPreset('mnist-paper'), ''));
  });

  it('lets --set win over the file, and the file over the preset', async () => {
    const path = await file('batchSize: 50\nname: mine\nlatent: { size: 8 }\n');
    const argv = ['launch', '--preset', 'mnist-quick', '-f', path, '--set', 'batchSize=20', '--dry-run'];
    expect(parse((await ganglion(argv)).out)).toMatchObject({
      batchSize: 20,
      name: 'mine',
      latent: { size: 8, distribution: 'uniform' },
    });
  });

  it('reads standard input', async () => {
    const { code, out } = await ganglion(['launch', '-f', '-', '--dry-run', '-o', 'json'], { stdin: SMALL_YAML });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ phases: 100, shards: 2 });
  });

  it('swaps phases for epochs', async () => {
    const argv = ['launch', '--preset', 'mnist-quick', '--set', 'phases=null', '--set', 'epochs=3', '--dry-run'];
    const config = parse((await ganglion(argv)).out) as Record<string, unknown>;
    expect([config.epochs, config.phases]).toEqual([3, undefined]);
  });

  it.each([
    ['phases: 3\n\tworkers: 2', /^ganglion: .*run\.yaml, line 2, column \d+: /],
    ['- 1\n', /^ganglion: .*run\.yaml: the run config: found \[1\]; allowed: a section with name, /],
    ['', /^ganglion: .*run\.yaml: generator: missing; needed: a section with layers, outputBias\. /],
  ])('refuses %j', async (text, sentence) => {
    const { code, out, err } = await ganglion(['launch', '-f', await file(text), '--dry-run']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(sentence);
  });
});

describe('config', () => {
  it('schema is JSON, or YAML', async () => {
    const { out } = await ganglion(['config', 'schema']);
    expect(JSON.parse(out)).toMatchObject({ title: 'Ganglion run config' });
    expect(parse((await ganglion(['config', 'schema', '-o', 'yaml'])).out)).toEqual(JSON.parse(out));
  });

  it('presets takes -o before and after the command', async () => {
    const names = `${presetNames().join('\n')}\n`;
    expect((await ganglion(['config', 'presets', '-o', 'name'])).out).toBe(names);
    expect((await ganglion(['-o', 'name', 'config', 'presets'])).out).toBe(names);
  });
});
