/** Finds programs of the machine, and the folder where we keep those that we bring. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ganglion');

/** The path of a program, or undefined. Debian keeps services in sbin, which a user's PATH may lack. */
export function findProgram(name, path = process.env.PATH ?? '') {
  return [...path.split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or not ours to run: both mean "look further".
  }
}

/** What the native backend still needs from the machine, as Debian packages. Empty where all is there. */
export function missingForNativeBackend() {
  const missing = [];
  const python = findProgram('python3');
  if (!python || spawnSync(python, ['-m', 'pip', '--version']).status !== 0) missing.push('python3-pip');
  if (!process.env.CXX && !findProgram('g++') && !findProgram('clang++')) missing.push('g++');
  return missing;
}
