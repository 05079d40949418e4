/**
 * Keeps a process to some of the machine's cores, with util-linux's `taskset`: Node has no call for it. Two workers on two
 * cores are 10 % faster so: else the system puts both compute threads on one core now and then, for milliseconds.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { type CoresWish, formatCores, parseCores, shareOf } from './cores.ts';

const TASKSET_MS_MAX = 5_000;

/** The cores that this process may use; empty where the system does not tell. */
export function allowedCores(): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(read('/proc/self/status'))?.[1];
  return (list === undefined ? undefined : parseCores(list)) ?? [];
}

/**
 * Why workers are not pinned here by themselves; undefined where they are. A quota counts time, not cores: whoever has half
 * of the time of eight cores must not wait for two of them.
 */
export function pinningObstacle(readFile: (path: string) => string = read): string | undefined {
  if (process.platform !== 'linux') return 'only Linux pins processes';
  const [quota = 'max'] = readFile('/sys/fs/cgroup/cpu.max').split(/\s+/);
  const oldQuota = Number(readFile('/sys/fs/cgroup/cpu/cpu.cfs_quota_us') || -1);
  if (Number(quota) > 0 || oldQuota > 0) return 'the container has a quota of CPU time';
  return undefined;
}

export interface PinningPorts {
  /** Moves all threads of this process, those of the future too. */
  readonly pin: (list: string) => Promise<void>;
  readonly allowed: readonly number[];
  readonly obstacle: string | undefined;
}

export class Pinning {
  readonly #wish: CoresWish;
  readonly #ports: PinningPorts;
  readonly #say: (what: string) => void;
  #current: string;

  /** `say` is told where the process is moved to, and why it could not be. */
  constructor(wish: CoresWish, say: (what: string) => void, ports = realPorts()) {
    this.#wish = wish;
    this.#say = say;
    this.#ports = ports;
    this.#current = formatCores(ports.allowed);
  }

  /** This worker is number `index` of `count` that train together on this machine. Never rejects. */
  async place(index: number, count: number): Promise<void> {
    const cores = this.#coresFor(index, count);
    if (cores === undefined) return;
    const list = formatCores(cores);
    if (list === this.#current) return;
    try {
      await this.#ports.pin(list);
      this.#current = list;
      this.#say(`pinned to core ${list}: worker ${index + 1} of ${count} here`);
    } catch (error) {
      this.#say(`not pinned to core ${list}: ${error instanceof Error ? error.message.trim() : String(error)}`);
    }
  }

  #coresFor(index: number, count: number): readonly number[] | undefined {
    const { allowed, obstacle } = this.#ports;
    if (this.#wish === 'off') return undefined;
    if (this.#wish !== 'auto') return this.#wish;
    return obstacle === undefined && allowed.length > 0 ? shareOf(allowed, index, count) : undefined;
  }
}

function realPorts(): PinningPorts {
  return {
    allowed: allowedCores(),
    obstacle: pinningObstacle(),
    pin: async (list) => {
      await promisify(execFile)('taskset', ['-acp', list, `${process.pid}`], { timeout: TASKSET_MS_MAX });
    },
  };
}

/** Empty where there is no such file. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
