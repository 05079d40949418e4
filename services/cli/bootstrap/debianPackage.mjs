/** A program from Debian's packages, where we may install them. */
import { findProgram } from './programs.mjs';
import { step } from './step.mjs';

/** The program's path, or undefined where it cannot be had this way. */
export async function fromDebian(program, packageName) {
  if (process.getuid?.() !== 0 || !findProgram('apt-get')) return undefined;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // A new machine has no package lists yet. Where they cannot be had, the install says so itself.
  await step('update Debian’s package lists', 'apt-get', ['update'], { env, quietFailure: true });
  const install = ['install', '-y', '--no-install-recommends', packageName];
  const done = await step(`install ${packageName}`, 'apt-get', install, { env, quietFailure: true });
  return done ? findProgram(program) : undefined;
}
