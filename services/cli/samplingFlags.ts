/** The flags of commands that draw from a run's G, and the G that they name. */
import { type Command, Option } from 'commander';
import { BACKENDS } from '../config/environment.ts';
import type { LoadedGan } from '../sampling/loadGan.ts';
import type { Console } from './console.ts';
import { integer } from './integer.ts';
import { oneCheckpoint, withRunFolder } from './runTarget.ts';

export interface SamplingFlags {
  readonly phase?: number;
  readonly seed: number;
  readonly live?: boolean;
  readonly backend: (typeof BACKENDS)[number];
}

export const LIVE_FLAG = ['--live', 'G’s trained weights, where the run has their moving average too'] as const;

/** @param phase whether the command takes one checkpoint. */
export function addSamplingFlags(console: Console, command: Command, { phase = true } = {}): Command {
  if (phase) addPhaseFlag(command);
  return command
    .option('--seed <n>', 'key of the latents', integer('--seed', { min: 0, max: Number.MAX_SAFE_INTEGER }), 0)
    .option(...LIVE_FLAG)
    .addOption(new Option('--backend <kind>', 'what computes').choices(BACKENDS).default(console.environment.backend));
}

export function addPhaseFlag(command: Command): void {
  command.option(
    '--phase <n>',
    'the checkpoint of this phase; default: the newest',
    integer('--phase', { min: 0, max: 2 ** 48 }),
  );
}

/** Calls `use` with the G and D of a run, or of a run folder. */
export async function withGan<Value>(
  console: Console,
  command: Command,
  target: string,
  { phase, live = false, backend }: Pick<SamplingFlags, 'phase' | 'live' | 'backend'>,
  use: (gan: LoadedGan) => Promise<Value>,
): Promise<Value> {
  const { loadGan } = await import('../sampling/loadGan.ts');
  return withRunFolder(console, command, target, oneCheckpoint(phase), async (folder) => {
    const gan = await loadGan(folder, { backend, live, phase });
    try {
      return await use(gan);
    } finally {
      gan.dispose();
    }
  });
}
