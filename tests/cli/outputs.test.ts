/**
 * Proves that what commands print stays what scripts and people know: tables and names as text, JSON by its schema, and YAML and
 * JSON lines as the same values. Help is held by `docs/commands.md`. `GANGLION_GOLDEN=write npx vitest run tests/cli/outputs.test.ts`
 * writes the file anew.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { printClassifier } from '../../services/cli/commands/classifier.ts';
import type { Format } from '../../services/cli/output.ts';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { DOCUMENTS } from '../../services/docs/documents.ts';
import { expectDocument } from './documents.ts';
import { fakeConsole } from './fakeConsole.ts';
import { expectGolden, FIXTURE, inPlace, on, remove, timeless } from './goldenPlace.ts';
import { leaves, nameOf } from './leaves.ts';

const CONFIG = join(FIXTURE, 'run.yaml');
const WHOLE = join(FIXTURE, 'data', 'whole');

const COMMANDS = [
  'version',
  'doctor',
  'config presets',
  'config schema',
  'config init ring8',
  'config explain ema',
  `config validate ${CONFIG}`,
  'context add there --coordinator there:7600',
  'context use here',
  'context remove there',
  'context list',
  `data check -f ${CONFIG}`,
  'data download cifar10 --to FOLDER/data',
  'runs list',
  'runs get whole',
  'runs wait half --for=paused',
  'runs pause half --dry-run',
  'runs resume half --dry-run',
  'runs cancel half --dry-run',
  'runs watch whole',
  `launch -f ${CONFIG} --run-id whole`,
  `launch -f ${CONFIG} --dry-run`,
  'runs fetch whole',
  'runs fetch whole config.yaml --to FOLDER/config.yaml',
  'workers list',
  'workers drain w1',
  `checkpoints list ${WHOLE}`,
  `checkpoints verify ${WHOLE}`,
  'sample FOLDER/images --count 6 --to FOLDER/samples.png --backend wasm',
  'interpolate FOLDER/images --to FOLDER/walk.png --backend wasm',
  'neighbours FOLDER/images --count 4 --columns 2 --to FOLDER/near.png --backend wasm',
  'figure1 FOLDER/line --to FOLDER/figure1 --backend wasm',
  `evaluate ${WHOLE} --metrics mmd --samples 100 --backend wasm`,
  `export ${WHOLE} --format safetensors --to FOLDER/export`,
  `report ${WHOLE} --to FOLDER/report.html`,
  'simulate --seed 5 --seeds 1',
  'tls init FOLDER/tls',
  'tls issue FOLDER/tls alice --role client',
  'classifier train',
];

/** What can be done once. */
const BEFORE: Readonly<Record<string, () => Promise<unknown>>> = {
  'context remove there': () => on('context add there --coordinator there:7600'),
  'tls init FOLDER/tls': () => remove('FOLDER/tls'),
  'tls issue FOLDER/tls alice --role client': () => remove('FOLDER/tls/alice'),
};

/** Commands whose results are no document, and where they are tested. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'backend install': 'tests/integration/serviceOutputs.test.ts',
  quickstart: 'tests/integration/serviceOutputs.test.ts',
  coordinator: 'tests/integration/serviceOutputs.test.ts',
  worker: 'tests/integration/serviceOutputs.test.ts',
  trace: 'tests/cli/trace.test.ts',
  chaos: 'tests/integration/realFaults.test.ts',
  completion: 'tests/integration/completion.test.ts',
  complete: 'tests/cli/completion.test.ts',
};

/** It takes two minutes: its result is made up here. */
function trained(format: Format): string {
  const console = fakeConsole();
  const shipped = { same: false, weightsSha256: 'b'.repeat(64), deviceClass: 'tensorflow/2.21.0/x64-avx512' };
  const own = { testAccuracy: 0.9916, weightsSha256: 'a'.repeat(64), deviceClass: 'wasm/4.22.0/x64' };
  printClassifier(console, format, { ...own, shipped });
  return console.out();
}

/** So many lines say what a text is. */
const LINES_MAX = 20;

/** As it stands in the file: what a machine or a seed has found is its own. */
function shown(command: string, text: string): string {
  const rows = command === 'doctor' ? text.replace(/\n\n.*/s, '\n') : text;
  const own = FOUND.test(command) ? rows.replaceAll(/^(\w\S*(?: \S+)*?) {2,}.*$/gm, '$1  <found>') : text;
  const lines = timeless(own).split('\n');
  return lines.length <= LINES_MAX + 1 ? lines.join('\n') : [...lines.slice(0, LINES_MAX), '…', ''].join('\n');
}

/** What differs from machine to machine, and from one time to the next. */
const FOUND = /^(doctor|simulate)/;

/** A stream is a document a line. */
function documentsOf(text: string): unknown[] {
  const lines = text.trimEnd().split('\n');
  const isStream = lines.length > 1 && lines.every((line) => line.startsWith('{') && line.endsWith('}'));
  return isStream ? lines.map((line) => JSON.parse(line)) : [JSON.parse(text)];
}

async function outputsOf(command: string): Promise<string> {
  const as = async (format: Format) => {
    if (command === 'classifier train') return trained(format);
    await BEFORE[command]?.();
    return on(`${command} -o ${format}`);
  };
  const documents = documentsOf(await as('json'));
  const [document = ''] = new Set(documents.map((one) => expectDocument(command, one)));
  const yaml = await as('yaml');
  if (yaml.startsWith('---\n')) expect(parseAllDocuments(yaml).map((one) => one.toJS())).toEqual(documents);
  else if (!FOUND.test(command)) expect([parse(yaml)], command).toEqual(documents);
  const lines = (await as('jsonl')).trimEnd().split('\n');
  const values = lines.map((line) => JSON.parse(line));
  if (!FOUND.test(command)) expect(values, command).toEqual(documents.flat());
  const [table, wide] = [shown(command, await as('table')), shown(command, await as('wide'))];
  const name = command === 'doctor' ? '<found>\n' : shown('', await as('name'));
  return [
    `$ ganglion ${timeless(command)}`,
    table,
    ...(wide === table ? [] : ['-o wide', wide]),
    ...['-o name', name, `-o json: docs/schemas/${document}.json`, ''],
  ].join('\n');
}

inPlace();

it('is what is written down', { timeout: 120_000 }, async () => {
  const sections: string[] = [];
  for (const command of COMMANDS) sections.push(await outputsOf(command));
  expectGolden('outputs.golden.txt', sections.join('\n'));
});

it('is that of all commands', () => {
  const all = leaves().map(nameOf);
  const isTried = (name: string) => COMMANDS.some((command) => `${command} `.startsWith(`${name} `));
  expect(all.filter((name) => !isTried(name)).sort()).toEqual(Object.keys(ELSEWHERE).sort());
  for (const file of Object.values(ELSEWHERE)) expect(existsSync(join(packageRoot(), file)), file).toBe(true);
});

it('has a schema wherever it is a document', () => {
  const printers = Object.values(DOCUMENTS).flatMap(({ commands }) => commands.map((one) => one.replace(/ --.*/, '')));
  const without = leaves()
    .map(nameOf)
    .filter((name) => !printers.includes(name));
  expect(without).toEqual(['worker', 'completion', 'complete']);
  expect(leaves().map(nameOf)).toEqual(expect.arrayContaining(printers));
});
