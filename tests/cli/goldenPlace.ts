/**
 * Where commands are tried for what they print: a coordinator with the runs of `tests/fixtures/v1` and one worker, run folders of
 * images and on the line, settings with a context. FOLDER in a command line is this place.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { packageRoot, packageVersion } from '../../services/config/packageRoot.ts';
import type { RunningCoordinator } from '../../services/coordinator/main.ts';
import { remoteFiles } from '../../services/data/download/catalog.ts';
import { must } from '../../services/errors/invariant.ts';
import { dialCoordinator } from '../../services/wire/coordinatorLink.ts';
import { localCoordinator } from '../coordinator/localCoordinator.ts';
import { lineRun, mnistRun, writeRun } from '../sampling/runs.ts';
import { ganglion } from './fakeConsole.ts';
import { workerView } from './views.ts';

export const FIXTURE = join(packageRoot(), 'tests', 'fixtures', 'v1');

let folder: string;
let coordinator: RunningCoordinator;

/** For all tests of a file. */
export function inPlace(): void {
  let leave: () => void = () => undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ganglion-outputs-'));
    await cp(join(FIXTURE, 'data'), join(folder, 'runs'), { recursive: true });
    await writeRun(join(folder, 'images'), mnistRun(), { phases: [20] });
    await writeRun(join(folder, 'line'), lineRun(), { sampleSize: 1, phases: [0, 5, 10, 20, 40] });
    await alreadyDownloaded(join(folder, 'data'));
    coordinator = await localCoordinator(join(folder, 'runs'));
    leave = await aWorker(coordinator.address);
    await on('context add here --coordinator 127.0.0.1:7600 --tls-dir /tls');
    await on('context use here');
  });
  afterAll(async () => {
    leave();
    await coordinator.close();
    await rm(folder, { recursive: true });
  });
}

/** What is there in full length is not fetched again. */
async function alreadyDownloaded(to: string): Promise<void> {
  const { folder: inner, members } = must(remoteFiles('cifar10')[0]?.archive, 'archive');
  await mkdir(join(to, inner), { recursive: true });
  for (const { name, bytes } of members) {
    await writeFile(join(to, inner, name), '');
    await truncate(join(to, inner, name), bytes);
  }
}

/** One that is there, and idle. Resolves to its end. */
async function aWorker(address: string): Promise<() => void> {
  const link = dialCoordinator(address);
  const { hostname, pid, device: itsOwn } = workerView();
  const device = { ...itsOwn, runtime: 'v1' };
  const peer = { tcp: '', unix: '', machine: '' };
  const beats = await new Promise<NodeJS.Timeout>((resolve, reject) => {
    const control = link.openControl({ message: () => resolve(beating), end: reject });
    const idle = { runId: '', generation: 0, phase: 0, activity: 'idle' } as const;
    const beating = setInterval(() => control.send({ type: 'heartbeat', ...idle }), 1_000);
    control.send({ type: 'hello', protocolVersion: 1, workerId: 'w1', hostname, pid, device, peer, held: undefined });
  });
  return () => {
    clearInterval(beats);
    link.close();
  };
}

const here = (command: string) => command.replaceAll('FOLDER', folder);

export function asked(command: string) {
  return ganglion(here(command).split(' '), {
    environment: { coordinator: coordinator.address, configFolder: folder },
  });
}

/** What a command printed that has nothing to complain of. */
export async function on(command: string): Promise<string> {
  const { code, out, err } = await asked(command);
  expect(code, `${command}: ${err}`).toBe(0);
  return out;
}

export async function remove(what: string): Promise<void> {
  await rm(here(what), { recursive: true, force: true });
}

/** Without what differs from machine to machine, and from day to day. */
export function timeless(text: string): string {
  return here(text)
    .replaceAll(folder, '<folder>')
    .replaceAll(packageRoot(), '<package>')
    .replaceAll(packageVersion(), '<version>')
    .replaceAll(process.version, '<node>')
    .replaceAll(hostname(), '<host>')
    .replaceAll(`${process.platform}-${process.arch}`, '<platform>')
    .replaceAll(/\b[0-9a-f]{12,64}\b/g, '<hash>')
    .replaceAll(/^ {2}([a-z-]+): docs\/\S+$/gm, '  $1')
    .replaceAll(/ +\d+[smhd]$/gm, ' <age>');
}

/** `GANGLION_GOLDEN=write` writes the file anew. */
export function expectGolden(name: string, found: string): void {
  const file = join(import.meta.dirname, name);
  if (process.env.GANGLION_GOLDEN === 'write') writeFileSync(file, found);
  expect(found).toBe(readFileSync(file, 'utf8'));
}
