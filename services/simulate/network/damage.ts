/** Bytes that change on their way. Whoever gets them has a check that finds it: a seal, a CRC-32, or a state's SHA-256. */
import { GanglionError } from '../../errors/ganglionError.ts';
import type { World } from '../world.ts';

/** Whether what arrives now is damaged. */
export function isDamaged(world: World): boolean {
  const { damagedFrame } = world.scenario.faults;
  if (!world.isChaotic || damagedFrame === 0 || !world.dice.chance(damagedFrame)) return false;
  world.harm('damagedFrame');
  return true;
}

/** As `mesh/header.ts` and `wire/checksum.ts` refuse it. */
export function damaged(what: string): GanglionError {
  return new GanglionError({
    code: 'corrupt',
    message: `${what} was damaged on its way.`,
    remedy: 'Repeat the phase.',
  });
}

/** These bytes as they arrive. */
export function arriving(world: World, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0 || !isDamaged(world)) return bytes;
  const changed = Uint8Array.from(bytes);
  const at = world.dice.whole(0, bytes.length - 1);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
