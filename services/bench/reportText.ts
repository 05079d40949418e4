/** The report for people: a block for each part, a line for each figure. */
import { controlText } from './controlText.ts';
import type { DdpBench } from './ddpBench.ts';
import type { EchoBench } from './echoBench.ts';
import type { GlooBench } from './glooBench.ts';
import type { MemoryBench } from './memoryBench.ts';
import type { MendBench } from './mendBench.ts';
import { BATCH_SIZE, networksText } from './networks.ts';
import type { NewcomerBench } from './newcomerBench.ts';
import type { PageBench } from './pageBench.ts';
import { peersText } from './peers/peersText.ts';
import type { RecoveryBench } from './recoveryBench.ts';
import type { ReduceBench } from './reduceBench.ts';
import type { ReplicaTimes, StepProfile } from './replicaBench.ts';
import { BARE_RATIO_MAX, type BenchReport, keepsTensorCount, type Machine } from './report.ts';
import type { RunsBench } from './runsBench.ts';
import { scalingText } from './scaling/scalingText.ts';
import { block, type Line, ms } from './textBlock.ts';

/** The costliest ops have a line of their own. */
const OPS_SHOWN = 6;

export function reportText(report: BenchReport): string {
  const { machine, replica, peers, mend, reduce, runs, recovery, memory, page, newcomer, control, scaling } = report;
  return [
    machineText(machine),
    ...(replica ? [replicaText(report, replica)] : []),
    ...(peers ? [peersText(peers)] : []),
    ...(mend ? [mendText(mend)] : []),
    ...(reduce ? [reduceText(reduce, report)] : []),
    ...(runs ? [runsText(runs, report.ddp)] : []),
    ...(recovery ? [recoveryText(recovery)] : []),
    ...(memory ? [memoryText(memory)] : []),
    ...(page ? [pageText(page)] : []),
    ...(newcomer ? [newcomerText(newcomer)] : []),
    ...(control ? [controlText(control)] : []),
    ...(scaling ? [scalingText(scaling)] : []),
  ].join('\n');
}

function machineText({ cpu, cores, platform, node, loadBefore }: Machine): string {
  return (
    `${cpu}, ${cores} cores, ${platform}, Node ${node}, load before ${loadBefore.toFixed(1)}\n` +
    `${networksText()}, batch ${BATCH_SIZE}, plain SGD, D and G in turn: an iteration is one update of each\n`
  );
}

function replicaText(report: BenchReport, bench: NonNullable<BenchReport['replica']>): string {
  const { device, iterations, bareMs, stepMs, exchangeMs, gradientMs, applyMs, opByOp, profile } = bench;
  const ratio = (ms: number) => `${(ms / bareMs).toFixed(2)} × the bare loop`;
  const threads = device.intraOpThreads === 1 ? '1 thread' : `${device.intraOpThreads} threads`;
  const verdict = stepMs / bareMs <= BARE_RATIO_MAX ? 'met' : 'MISSED';
  const counted = `${bench.tensorsBefore} → ${bench.tensorsAfter}`;
  return block(
    `one worker on ${device.backend} ${device.backendVersion}, ${threads} an op: ms an iteration, median of ${iterations}`,
    [
      ['bare tfjs loop', ms(bareMs)],
      ['replica, on the device', ms(stepMs), `${ratio(stepMs)} (target ≤ ${BARE_RATIO_MAX}: ${verdict})`],
      [
        'replica, through the host',
        ms(exchangeMs),
        `${ratio(exchangeMs)}: gradient ${ms(gradientMs)}, apply ${ms(applyMs)}`,
      ],
      ...(opByOp ? opByOpLines(bench, opByOp) : []),
      ['tensors alive', counted, keepsTensorCount(report) ? 'constant' : 'LEAKS'],
      ...(profile ? profileLines(profile) : []),
    ],
  );
}

function opByOpLines(compiled: ReplicaTimes, opByOp: ReplicaTimes): Line[] {
  const gain = (part: 'stepMs' | 'exchangeMs') => `compiled takes ${(compiled[part] / opByOp[part]).toFixed(2)} × that`;
  return [
    ['op by op, on the device', ms(opByOp.stepMs), gain('stepMs')],
    [
      'op by op, through the host',
      ms(opByOp.exchangeMs),
      `${gain('exchangeMs')}: gradient ${ms(opByOp.gradientMs)}, apply ${ms(opByOp.applyMs)}`,
    ],
  ];
}

function profileLines({ stepMs, kernels }: StepProfile): Line[] {
  const sum = (times: StepProfile['kernels']) => times.reduce((all, { ms }) => all + ms, 0);
  const calls = (times: StepProfile['kernels']) => `${times.reduce((all, one) => all + one.calls, 0).toFixed(1)} calls`;
  const others = kernels.slice(OPS_SHOWN);
  return [
    ['op by op, profiled', ms(stepMs), 'mean; of it:'],
    ...kernels.slice(0, OPS_SHOWN).map((kernel): Line => [`  ${kernel.op}`, ms(kernel.ms), calls([kernel])]),
    [`  ${others.length} other ops`, ms(sum(others)), calls(others)],
    ['  JavaScript', ms(stepMs - sum(kernels))],
  ];
}

function mendText({ size, plainMs, mendedMs, gain }: MendBench): string {
  return block(`WASM, both gradients of a dense layer ${size.join(' × ')}`, [
    ['tfjs as it comes', ms(plainMs)],
    ['mended', ms(mendedMs), `${gain.toFixed(1)} × as fast`],
  ]);
}

function reduceText(benches: readonly ReduceBench[], { echo, gloo }: BenchReport): string {
  const [first] = benches;
  const line = (bench: ReduceBench): Line => [
    `${bench.road}, ${bench.wireFormat}, ${bench.workers} workers`,
    ms(bench.medianMs),
    `fastest ${ms(bench.minMs)}${besideBound(bench, echo)}${besideGloo(bench, gloo)}`,
  ];
  return block(`all-reduce of ${(first?.bytes ?? 0) / 1e6} MB of fp32, median of ${first?.rounds ?? 0} rounds`, [
    ...benches.map(line),
    ...(gloo
      ? [[`PyTorch gloo, fp32, ${gloo.workers} workers`, ms(gloo.medianMs), `fastest ${ms(gloo.minMs)}`] as const]
      : []),
    ...(echo ? echoLines(echo) : []),
  ]);
}

function echoLines({ echoMs, minEchoMs, copyMs, bytes }: EchoBench): Line[] {
  const bandwidth = `${(bytes / copyMs / 1e6).toFixed(2)} GB/s`;
  return [
    ['the same bytes echoed, 2 processes', ms(echoMs), `fastest ${ms(minEchoMs)}`],
    ['the same bytes one way', ms(copyMs), `${bandwidth}: the bound of n workers is 2(n − 1)/n of it`],
  ];
}

/** 2(n − 1)/n gradients at the speed of the bare socket. */
function besideBound({ workers, medianMs, wireFormat }: ReduceBench, echo: EchoBench | undefined): string {
  if (!echo) return '';
  const share = wireFormat === 'bf16' ? 0.5 : 1;
  const boundMs = ((2 * (workers - 1)) / workers) * share * echo.copyMs;
  return `, ${(medianMs / boundMs).toFixed(1)} × the bound of ${ms(boundMs)}`;
}

function besideGloo(bench: ReduceBench, gloo: GlooBench | undefined): string {
  return gloo && gloo.workers === bench.workers ? `, ${(bench.medianMs / gloo.medianMs).toFixed(2)} × gloo` : '';
}

function recoveryText({ workerKilledMs, coordinatorKilledMs, workerJoinsMs }: RecoveryBench): string {
  const target = (found: number, most: number) => `target ≤ ${most / 1000} s: ${found <= most ? 'met' : 'MISSED'}`;
  return block('a run of two workers stands still, at default settings', [
    ['a worker killed → next phase', ms(workerKilledMs), target(workerKilledMs, 2_000)],
    ['the coordinator killed → next phase', ms(coordinatorKilledMs), target(coordinatorKilledMs, 5_000)],
    ['a worker started → its first phase', ms(workerJoinsMs), 'the others train meanwhile'],
  ]);
}

function memoryText({ phases: [few, many], processes }: MemoryBench): string {
  const line = ({ name, megabytes: [before, after] }: MemoryBench['processes'][number]): Line => {
    const grown = (((after - before) * 1000) / (many - few)).toFixed(2);
    return [name, `${after.toFixed(1)} MB`, `${before.toFixed(1)} MB after ${few}: ${grown} kB more a phase`];
  };
  return block(`resident memory after ${many} phases of two workers on a small network`, processes.map(line));
}

function pageText(bench: PageBench): string {
  const { bytes, gzippedBytes, viewers, phasesPerSecond, coordinatorCpu, toldBytesPerSecond } = bench;
  const kilobytes = (count: number) => `${(count / 1000).toFixed(0)} kB`;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const verdict = (isMet: boolean) => (isMet ? 'met' : 'MISSED');
  const loss = 1 - phasesPerSecond.viewed / phasesPerSecond.alone;
  const travels = `${kilobytes(gzippedBytes)} as it travels`;
  const { alone, viewed } = coordinatorCpu;
  return block('the live page', [
    ['its weight', kilobytes(bytes), `${travels}; target ≤ 250 kB: ${verdict(bytes <= 250_000)}`],
    ['a run of one worker that nobody looks at', `${phasesPerSecond.alone.toFixed(1)} phases/s`],
    [
      `with ${viewers} viewers`,
      `${phasesPerSecond.viewed.toFixed(1)} phases/s`,
      `${percent(loss)} slower (target ≤ 2 %: ${verdict(loss <= 0.02)})`,
    ],
    ["the coordinator's share of a core", percent(viewed), `${percent(alone)} without viewers`],
    ['all viewers are told', `${kilobytes(toldBytesPerSecond)}/s`],
  ]);
}

function newcomerText({ firstGridSeconds, bytes, helpMs, runsListMs }: NewcomerBench): string {
  const megabytes = (count: number) => `${(count / 1e6).toFixed(0)} MB`;
  const quick = (ms: number, most: number): [string, string] => [
    `${ms.toFixed(0)} ms`,
    `target ≤ ${most} ms: ${ms <= most ? 'met' : 'MISSED'}`,
  ];
  return block('a newcomer', [
    ['git clone → the first pictures', `${firstGridSeconds.toFixed(0)} s`, 'in an empty HOME, by `npm run quickstart`'],
    ['packages', megabytes(bytes.packages - bytes.backend), 'development’s among them'],
    ['libtensorflow', megabytes(bytes.backend)],
    ['the build', megabytes(bytes.dist)],
    ['ganglion --help', ...quick(helpMs, 150)],
    ['ganglion runs list', ...quick(runsListMs, 300)],
  ]);
}

function runsText(runs: readonly RunsBench[], ddp: DdpBench | undefined): string {
  return block(`whole runs through the coordinator: real images a second, global batch ${BATCH_SIZE}`, [
    ...runs.flatMap(runLines),
    ...(ddp ? ddpLines(ddp) : []),
  ]);
}

function runLines({ workers, device, imagesPerSecond, iterationMs, measuredSeconds, parts }: RunsBench): Line[] {
  const { computeMs, exchangeMs, applyMs, waitMs } = parts;
  return [
    [
      `${workers} worker${workers === 1 ? '' : 's'}`,
      `${imagesPerSecond.toFixed(0)} images/s`,
      `${ms(iterationMs)} an iteration, over ${measuredSeconds.toFixed(1)} s on ${device.backend} ${device.backendVersion}`,
    ],
    ['', '', `compute ${ms(computeMs)}, exchange ${ms(exchangeMs)}, apply ${ms(applyMs)}, wait for data ${ms(waitMs)}`],
  ];
}

function ddpLines({ workers, iterations, medianMs, minMs, run }: DdpBench): Line[] {
  const line = (name: string, time: DdpBench['run'], beside: string): Line => [
    name,
    `${((BATCH_SIZE / time.medianMs) * 1000).toFixed(0)} images/s`,
    `${ms(time.medianMs)} an iteration${beside}, fastest ${ms(time.minMs)}, median of ${iterations}`,
  ];
  return [
    line(`${workers} workers, in turns with DDP`, run, `, ${(run.medianMs / medianMs).toFixed(2)} × DDP`),
    line(`PyTorch DDP over gloo, ${workers} processes`, { medianMs, minMs }, ''),
  ];
}
