/**
 * Where an experiment trains, and what is left there where it is broken off. Only the same code with the same settings goes on with
 * it: a result is of one commit.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { packageRoot } from '../config/packageRoot.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { isFinal } from '../report/runEvent.ts';
import type { RunView } from '../report/runView.ts';

export interface Parts {
  /** A coordinator's data folder. */
  readonly folder: string;
  /** Folders of other code, or with other settings. */
  readonly others: readonly string[];
}

/** @param code what is running: see `codeOfTree`. */
export async function openParts(experiment: string, code: string, settings: readonly string[]): Promise<Parts> {
  const parent = join(packageRoot(), 'runs', 'reproduce', experiment);
  const beside = settings.length === 0 ? '' : `-${shortHash(JSON.stringify(settings))}`;
  const folder = join(parent, `${code}${beside}`);
  await mkdir(folder, { recursive: true });
  const all = (await readdir(parent)).map((name) => join(parent, name));
  return { folder, others: all.filter((other) => other !== folder) };
}

/** Throws `refused` where what is there was computed on devices of another class: it would wait for them without end. */
export async function requireSameDevice(folder: string, deviceClass: string): Promise<void> {
  const file = join(folder, 'device-class');
  const there = await readFile(file, 'utf8').catch(() => undefined);
  if (there === undefined) return writeFile(file, deviceClass);
  if (there === deviceClass) return;
  throw new GanglionError({
    code: 'refused',
    message: `${named(folder)} was computed on ${there}, and this is ${deviceClass}: one result is of one device class.`,
    remedy: 'Remove the folder to start over, or go on where it was begun.',
  });
}

/** In a line, what was found and what is done with it; undefined where there is nothing. */
export function foundText(
  experiment: string,
  total: number,
  runs: readonly RunView[],
  parts: Parts,
): string | undefined {
  const done = runs.filter(({ state }) => state === 'completed').length;
  const begun = runs.find(({ state }) => state !== 'completed');
  const whatOfIt = begun && `, ${begun.runId} ${isFinal(begun.state) ? `is ${begun.state}` : goesOn(begun)}`;
  const found = `${done} of ${total} runs done${whatOfIt ?? ''}; remove ${named(parts.folder)} to start over`;
  const others = parts.others.map(named).join(', ');
  const leftOut = others && `parts of other code or settings are left out: ${others}`;
  const said = [...(runs.length > 0 ? [found] : []), ...(leftOut ? [leftOut] : [])];
  return said.length === 0 ? undefined : `${experiment}: ${said.join('; ')}.`;
}

function goesOn({ checkpointPhases }: RunView): string {
  return `goes on from phase ${checkpointPhases.at(-1) ?? 0}`;
}

/** The experiment is done. */
export async function removeParts({ folder }: Parts): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function named(folder: string): string {
  return relative(process.cwd(), folder);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
