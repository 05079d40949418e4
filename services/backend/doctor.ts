/** `ganglion doctor`: the machine, the backend that would compute here, and how to get each better one. */
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { z } from 'zod';
import { compileObstacle } from '../compile/obstacle.ts';
import { pinningObstacle } from '../cores/pinning.ts';
import { findCompiler } from './addonBuild.ts';
import { betterKinds } from './betterKinds.ts';
import { findProgram, runCommand } from './command.ts';
import { visibleGpus } from './gpus.ts';
import type { BackendKind } from './select.ts';
import { defaultSite, type Site } from './site.ts';
import { readStamp, stampSchema } from './stamp.ts';
import { xlaObstacle } from './xla.ts';

const count = z.int().min(0);
const kindSchema = z.enum(['cuda', 'tensorflow', 'wasm', 'cpu'] satisfies BackendKind[]);
const pathSchema = z.string().nullable().describe('Its path; null where it is not there.');

export const diagnosisSchema = z
  .strictObject({
    machine: z
      .strictObject({
        platform: z.string(),
        arch: z.string(),
        cpu: z.string(),
        cores: count,
        memoryBytes: count,
        freeMemoryBytes: count,
        gpus: z.array(z.string()).readonly(),
        notPinned: z
          .string()
          .nullable()
          .describe('Why workers are not pinned to cores of their own here; null where they are.'),
      })
      .readonly(),
    node: z.string(),
    programs: z
      .strictObject({
        python3: pathSchema,
        pip: z.string().nullable().describe('Its version, or null.'),
        compiler: pathSchema,
        natsServer: pathSchema,
      })
      .readonly(),
    installed: stampSchema.readonly().nullable().describe('The native install, or null.'),
    chosen: kindSchema.describe('What `any` would choose.'),
    notXla: z.string().nullable().describe('Why `compile: xla` cannot be had on it; null where it can.'),
    whyNot: z
      .array(z.strictObject({ kind: kindSchema, why: z.string(), remedy: z.string() }).readonly())
      .readonly()
      .describe('Each better kind, best first, with the one command that gets it.'),
  })
  .readonly();
export type Diagnosis = z.output<typeof diagnosisSchema>;

/** Never throws for what it finds. The native library is tried in a child process, so its crash is a finding too. */
export async function diagnose(site: Site = defaultSite()): Promise<Diagnosis> {
  const python3 = findProgram('python3', site.env) ?? null;
  const pip =
    python3 === null
      ? undefined
      : await runCommand(python3, ['-m', 'pip', '--version'], { env: site.env, timeoutMs: 60_000 });
  const programs = {
    python3,
    pip: pip?.code === 0 ? (/^pip \S+/.exec(pip.stdout)?.[0] ?? 'pip') : null,
    compiler: findCompiler(site.env) ?? null,
    natsServer: findProgram('nats-server', site.env) ?? null,
  };
  const whyNot = await betterKinds(site, programs);
  const chosen =
    (['cuda', 'tensorflow'] as const).find((kind) => whyNot.every((other) => other.kind !== kind)) ?? 'wasm';
  return {
    machine: {
      platform: site.platform,
      arch: site.arch,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      freeMemoryBytes: freemem(),
      gpus: visibleGpus(site.env),
      notPinned: pinningObstacle() ?? null,
    },
    node: process.version,
    programs,
    installed: readStamp(site.packageFolder) ?? null,
    chosen,
    notXla: xlaObstacle(chosen, site) ?? null,
    whyNot,
  };
}

function sharing({ cores, notPinned }: Diagnosis['machine']): string {
  if (cores === 1) return '';
  if (notPinned !== null) return `; workers are not pinned to some of them: ${notPinned}`;
  const each = Math.floor(cores / 2);
  return `; the workers of a run share them: two are pinned to ${each} each (worker --cores says otherwise)`;
}

const NAMES: Readonly<Record<BackendKind, string>> = {
  cuda: 'CUDA (libtensorflow on the GPU)',
  tensorflow: 'libtensorflow on the CPU',
  wasm: 'WASM',
  cpu: 'plain JavaScript',
};

/** The findings as lines for a terminal. */
export function formatDiagnosis({ machine, node, programs, installed, chosen, notXla, whyNot }: Diagnosis): string {
  const gigabytes = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  const obstacle = compileObstacle(chosen, 'auto');
  const rows: readonly (readonly [string, string])[] = [
    ['machine', `${machine.platform} ${machine.arch}, ${machine.cpu}`],
    ['cores', `${machine.cores}${sharing(machine)}`],
    ['memory', `${gigabytes(machine.memoryBytes)} GiB, ${gigabytes(machine.freeMemoryBytes)} free`],
    ['GPUs', machine.gpus.join(', ') || 'none'],
    ['node', node],
    ['python3', programs.python3 ? `${programs.python3}, ${programs.pip ?? 'no pip'}` : 'none'],
    ['compiler', programs.compiler ?? 'none'],
    ['nats-server', programs.natsServer ?? 'none (progress stays in process)'],
    [
      'installed',
      installed
        ? `libtensorflow ${installed.version}${installed.gpu ? ' with CUDA' : ''}, from ${installed.source}`
        : 'no native library',
    ],
    ['backend', NAMES[chosen]],
    ['compiled', obstacle === undefined ? 'yes (compile: auto)' : `no: ${obstacle}`],
    ['XLA', notXla === null ? 'yes (compile: xla)' : `no: ${notXla}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [
    ...rows.map(([name, value]) => `${name.padEnd(width)}${value}`),
    ...whyNot.map(({ kind, why, remedy }) => `\nnot ${NAMES[kind]}: ${why}\n  ${remedy}`),
    '',
  ].join('\n');
}
