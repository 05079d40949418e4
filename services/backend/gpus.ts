/** The NVIDIA GPUs of this machine as its driver's files show them; nvidia-smi need not be there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DRIVER_FOLDER = '/proc/driver/nvidia/gpus';
/** One device file a GPU; a machine with more than 64 is unheard of. */
const DEVICE_COUNT_MAX = 64;

/**
 * Model names ("NVIDIA H100 80GB HBM3") of the GPUs that CUDA_VISIBLE_DEVICES leaves, in the driver's order.
 * CUDA counts the fastest first unless CUDA_DEVICE_ORDER=PCI_BUS_ID, so on a machine of mixed models the names may be
 * swapped; with one model, the usual case, they cannot be.
 */
export function visibleGpus(env: NodeJS.ProcessEnv): readonly string[] {
  const all = allGpus();
  const visible = env.CUDA_VISIBLE_DEVICES;
  if (visible === undefined) return all;
  const chosen: string[] = [];
  for (const id of visible.split(',')) {
    const model = /^\d+$/.test(id.trim()) ? all[Number(id)] : id.startsWith('GPU-') ? all[0] : undefined;
    if (model === undefined) break; // CUDA, too, ignores everything from the first unknown id on.
    chosen.push(model);
  }
  return chosen;
}

function allGpus(): readonly string[] {
  if (existsSync(DRIVER_FOLDER)) {
    return readdirSync(DRIVER_FOLDER)
      .sort()
      .map((bus) => modelOf(readFileSync(join(DRIVER_FOLDER, bus, 'information'), 'utf8')));
  }
  // A container may hide the driver's folder and still have the devices.
  const devices = Array.from({ length: DEVICE_COUNT_MAX }, (_, index) => `/dev/nvidia${index}`);
  return devices.filter((file) => existsSync(file)).map(() => 'NVIDIA GPU');
}

function modelOf(information: string): string {
  return /^Model:\s*(.+)$/m.exec(information)?.[1]?.trim() ?? 'NVIDIA GPU';
}
