/**
 * Proves that what commands print stays what scripts and people know: tables and names as text, JSON as its shape, and YAML and
 * JSON lines as the same values. Help is held by `docs/commands.md`. `GANGLION_GOLDEN=write npx vitest run tests/cli/outputs.test.ts`
 * writes the file anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { packageRoot, packageVersion } from '../../services/config/packageRoot.ts';
import type { RunningCoordinator } from '../../services/coordinator/main.ts';
import { dialCoordinator } from '../../services/wire/coordinatorLink.ts';
import { localCoordinator } from '../coordinator/localCoordinator.ts';
import { ganglion } from './fakeConsole.ts';
import { workerView } from './views.ts';

const FIXTURE = join(packageRoot(), 'tests', 'fixtures', 'v1');
const FILE = join(import.meta.dirname, 'outputs.golden.txt');
const CONFIG = join(FIXTURE, 'run.yaml');
const WHOLE = join(FIXTURE, 'data', 'whole');

const COMMANDS = [
  'version',
  'config presets',
  'config explain ema',
  `config validate ${CONFIG}`,
  'context list',
  `data check -f ${CONFIG}`,
  'runs list',
  'runs get whole',
  'runs wait half --for=paused',
  `launch -f ${CONFIG} --run-id whole`,
  'runs fetch whole',
  'workers list',
  `checkpoints list ${WHOLE}`,
  `checkpoints verify ${WHOLE}`,
  `evaluate ${WHOLE} --metrics mmd --samples 100 --backend wasm`,
  `export ${WHOLE} --format safetensors --to FOLDER/export`,
];

let folder: string;
let coordinator: RunningCoordinator;
let link: ReturnType<typeof dialCoordinator>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-outputs-'));
  await cp(join(FIXTURE, 'data'), join(folder, 'runs'), { recursive: true });
  coordinator = await localCoordinator(join(folder, 'runs'));
  link = dialCoordinator(coordinator.address);
  const { hostname, pid, device: itsOwn } = workerView();
  const device = { ...itsOwn, runtime: 'v1' };
  await new Promise((resolve, reject) => {
    const control = link.openControl({ message: resolve, end: reject });
    const peer = { tcp: '', unix: '', machine: '' };
    control.send({ type: 'hello', protocolVersion: 1, workerId: 'w1', hostname, pid, device, peer, held: undefined });
  });
  await on('context add here --coordinator 127.0.0.1:7600 --tls-dir /tls');
  await on('context use here');
});
afterAll(async () => {
  link.close();
  await coordinator.close();
  await rm(folder, { recursive: true });
});

async function on(command: string): Promise<string> {
  const argv = command.replace('FOLDER', folder).split(' ');
  const environment = { coordinator: coordinator.address, configFolder: folder };
  const { code, out, err } = await ganglion(argv, { environment });
  expect(code, `${command}: ${err}`).toBe(0);
  return out;
}

/** Without what differs from machine to machine, and from day to day. */
function timeless(text: string): string {
  return text
    .replaceAll(folder, '<folder>')
    .replaceAll(packageRoot(), '<package>')
    .replaceAll(packageVersion(), '<version>')
    .replaceAll(process.version, '<node>')
    .replaceAll(`${process.platform}-${process.arch}`, '<platform>')
    .replaceAll(/\b[0-9a-f]{12,64}\b/g, '<hash>')
    .replaceAll(/ +\d+[smhd]$/gm, ' <age>');
}

/** A value's fields and their types; of a list that of its first. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

async function outputsOf(command: string): Promise<string> {
  const as = (format: string) => on(`${command} -o ${format}`);
  const json: unknown = JSON.parse(await as('json'));
  expect(parse(await as('yaml')), command).toEqual(json);
  const lines = (await as('jsonl')).trimEnd().split('\n');
  expect(
    lines.map((line) => JSON.parse(line)),
    command,
  ).toEqual([json].flat());
  const [table, wide, name] = [timeless(await as('table')), timeless(await as('wide')), timeless(await as('name'))];
  return [
    `$ ganglion ${timeless(command)}`,
    table,
    ...(wide === table ? [] : ['-o wide', wide]),
    ...['-o name', name, '-o json', stringify(shapeOf(json))],
  ].join('\n');
}

it('is what is written down', async () => {
  const sections: string[] = [];
  for (const command of COMMANDS) sections.push(await outputsOf(command));
  const found = sections.join('\n');
  if (process.env.GANGLION_GOLDEN === 'write') writeFileSync(FILE, found);
  expect(found).toBe(readFileSync(FILE, 'utf8'));
});
