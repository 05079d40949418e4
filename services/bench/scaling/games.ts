/** What is predicted: presets that ship their data and differ in what takes their time, and the bench's own networks. */
import { loadPreset } from '../../config/presets.ts';
import { resolveRunConfig } from '../../config/resolve.ts';
import type { RunConfig } from '../../config/runConfig.ts';
import { benchConfig, PHASES_MAX } from '../networks.ts';

export const WIRE_FORMATS = ['fp32', 'bf16', 'powersgd'] as const;
export type WireFormat = (typeof WIRE_FORMATS)[number];

const PRESETS = ['mnist-dcgan', 'mnist-paper', 'mnist-quick'];
const BENCH = 'bench';

export function gameNames(): string[] {
  return [...PRESETS, BENCH];
}

/**
 * Weak scaling: each worker has one shard, with as many samples as the preset's batch has. It never ends, and keeps neither
 * checkpoints nor pictures. bf16 goes without error feedback, whose arithmetic `benchReduce` leaves out.
 */
export function gameConfig(
  name: string,
  workers: number,
  wireFormat: WireFormat,
  backend: RunConfig['backend'],
): RunConfig {
  const written = name === BENCH ? benchConfig({ workers: 1, backend }) : loadPreset(name);
  const own = resolveRunConfig(written, name);
  const rarely = { everyPhases: PHASES_MAX };
  const input = {
    ...own,
    ...{ workers, shards: workers, batchSize: workers * own.batchSize, phases: PHASES_MAX, epochs: undefined, backend },
    collective: { ...own.collective, wireFormat, errorFeedback: wireFormat !== 'bf16' },
    checkpoints: { ...own.checkpoints, ...rarely },
    snapshots: { ...own.snapshots, ...rarely },
  };
  return resolveRunConfig(input, name);
}
