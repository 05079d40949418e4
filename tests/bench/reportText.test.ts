/** Proves that the report shows every figure with its unit, and only the parts that were measured. */
import { expect, it } from 'vitest';
import { type BenchReport, keepsTensorCount } from '../../services/bench/report.ts';
import { reportText } from '../../services/bench/reportText.ts';

const machine = { cpu: 'A chip', cores: 2, platform: 'linux-x64', node: 'v20.0.0', loadBefore: 0.25 };
const kernels = ['MatMul', 'Relu', 'Sum', 'Add', 'Mul', 'Sub', 'Neg', 'Abs'].map((op, i) => ({
  op,
  calls: 2,
  ms: 8 - i,
}));
const replica = {
  device: { backend: 'tensorflow', backendVersion: '2.21.0', intraOpThreads: 1 },
  ...{ iterations: 30, bareMs: 50, stepMs: 40, exchangeMs: 60, gradientMs: 45, applyMs: 15 },
  opByOp: { stepMs: 50, exchangeMs: 75, gradientMs: 58, applyMs: 17 },
  profile: { stepMs: 42, kernels },
  ...{ tensorsBefore: 37, tensorsAfter: 37 },
} as const;
const whole: BenchReport = {
  machine,
  replica,
  peers: {
    threads: 2,
    games: [
      {
        ...{ title: 'G 100-784, D 784-1, batch 50, plain SGD', ratioMax: {}, iterations: 40 },
        peers: [{ name: 'ganglion', version: '2.21.0, compiled', medianMs: 3, minMs: 2 }],
      },
    ],
  },
  mend: { size: [100, 1200, 1200], plainMs: 180, mendedMs: 20, gain: 9 },
  reduce: [
    {
      ...{ road: 'direct', workers: 2, wireFormat: 'fp32', bytes: 18_000_000, rounds: 40, medianMs: 20, minMs: 15 },
      ...{ medianGigabytesPerSecond: 0.9, maxGigabytesPerSecond: 1.2 },
    },
    {
      ...{ road: 'star', workers: 2, wireFormat: 'bf16', bytes: 18_000_000, rounds: 40, medianMs: 90, minMs: 45 },
      ...{ medianGigabytesPerSecond: 0.2, maxGigabytesPerSecond: 0.4 },
    },
  ],
  echo: { bytes: 18_000_000, rounds: 40, echoMs: 25, minEchoMs: 16, copyMs: 8 },
  gloo: { workers: 2, bytes: 18_000_000, medianMs: 10, minMs: 8 },
  ddp: { workers: 2, iterations: 160, medianMs: 50, minMs: 40.5, run: { medianMs: 55, minMs: 42 } },
  memory: {
    phases: [1_000, 10_000],
    processes: [
      { name: 'coordinator', megabytes: [150, 150] },
      { name: 'worker-1', megabytes: [500, 518] },
    ],
  },
  page: {
    ...{ bytes: 130_400, gzippedBytes: 51_000, viewers: 50, toldBytesPerSecond: 400_000 },
    ...{ phasesPerSecond: { alone: 50, viewed: 48.5 }, coordinatorCpu: { alone: 0.1, viewed: 0.125 } },
  },
  newcomer: {
    firstGridSeconds: 81.4,
    bytes: { packages: 1_500_000_000, backend: 900_000_000, dist: 3_100_000 },
    ...{ helpMs: 132, runsListMs: 310.4 },
  },
  control: [
    {
      ...{ workers: 16, hiddenUnits: 16, phaseCpuMs: 2.2, phaseMessages: 16, phaseBytes: 1_800, heartbeatsCpuMs: 0.4 },
      ...{ regroupCpuMs: 16, regroupBytes: 20_000, heapMb: 0.4 },
    },
  ],
  recovery: { workerKilledMs: 400, coordinatorKilledMs: 6_000, workerJoinsMs: 1_500 },
  runs: [
    {
      workers: 1,
      device: { ...replica.device, deviceClass: 'x', cores: 2, memoryBytes: 1, runtime: 'v20.0.0' },
      ...{ measuredSeconds: 6.04, imagesPerSecond: 2500.4, iterationMs: 39.99 },
      parts: { computeMs: 38, exchangeMs: 0, waitMs: 1, applyMs: 0 },
    },
    {
      workers: 2,
      device: { ...replica.device, deviceClass: 'x', cores: 2, memoryBytes: 1, runtime: 'v20.0.0' },
      ...{ measuredSeconds: 6, imagesPerSecond: 2222, iterationMs: 45 },
      parts: { computeMs: 25, exchangeMs: 15, waitMs: 0, applyMs: 5 },
    },
  ],
};

it('is a block for each part', () => {
  expect(reportText(whole)).toBe(`A chip, 2 cores, linux-x64, Node v20.0.0, load before 0.3
G 100-1200-1200-784, D 784-1200-1200-1, batch 100, plain SGD, D and G in turn: an iteration is one update of each

one worker on tensorflow 2.21.0, 1 thread an op: ms an iteration, median of 30
  bare tfjs loop              50.0 ms
  replica, on the device      40.0 ms  0.80 × the bare loop (target ≤ 1.1: met)
  replica, through the host   60.0 ms  1.20 × the bare loop: gradient 45.0 ms, apply 15.0 ms
  op by op, on the device     50.0 ms  compiled takes 0.80 × that
  op by op, through the host  75.0 ms  compiled takes 0.80 × that: gradient 58.0 ms, apply 17.0 ms
  tensors alive               37 → 37  constant
  op by op, profiled          42.0 ms  mean; of it:
    MatMul                     8.0 ms  2.0 calls
    Relu                       7.0 ms  2.0 calls
    Sum                        6.0 ms  2.0 calls
    Add                        5.0 ms  2.0 calls
    Mul                        4.0 ms  2.0 calls
    Sub                        3.0 ms  2.0 calls
    2 other ops                3.0 ms  4.0 calls
    JavaScript                 6.0 ms

one worker beside its peers, 2 threads each: ms an iteration, median of 40, in turns
G 100-784, D 784-1, batch 50, plain SGD
  replica  3.0 ms  fastest 2.0 ms, 2.21.0, compiled

WASM, both gradients of a dense layer 100 × 1200 × 1200
  tfjs as it comes  180.0 ms
  mended             20.0 ms  9.0 × as fast

all-reduce of 18 MB of fp32, median of 40 rounds
  direct, fp32, 2 workers             20.0 ms  fastest 15.0 ms, 2.5 × the bound of 8.0 ms, 2.00 × gloo
  star, bf16, 2 workers               90.0 ms  fastest 45.0 ms, 22.5 × the bound of 4.0 ms, 9.00 × gloo
  PyTorch gloo, fp32, 2 workers       10.0 ms  fastest 8.0 ms
  the same bytes echoed, 2 processes  25.0 ms  fastest 16.0 ms
  the same bytes one way               8.0 ms  2.25 GB/s: the bound of n workers is 2(n − 1)/n of it

whole runs through the coordinator: real images a second, global batch 100
  1 worker                            2500 images/s  40.0 ms an iteration, over 6.0 s on tensorflow 2.21.0
                                                     compute 38.0 ms, exchange 0.0 ms, apply 0.0 ms, wait for data 1.0 ms
  2 workers                           2222 images/s  45.0 ms an iteration, over 6.0 s on tensorflow 2.21.0
                                                     compute 25.0 ms, exchange 15.0 ms, apply 5.0 ms, wait for data 0.0 ms
  2 workers, in turns with DDP        1818 images/s  55.0 ms an iteration, 1.10 × DDP, fastest 42.0 ms, median of 160
  PyTorch DDP over gloo, 2 processes  2000 images/s  50.0 ms an iteration, fastest 40.5 ms, median of 160

a run of two workers stands still, at default settings
  a worker killed → next phase          400.0 ms  target ≤ 2 s: met
  the coordinator killed → next phase  6000.0 ms  target ≤ 5 s: MISSED
  a worker started → its first phase   1500.0 ms  the others train meanwhile

resident memory after 10000 phases of two workers on a small network
  coordinator  150.0 MB  150.0 MB after 1000: 0.00 kB more a phase
  worker-1     518.0 MB  500.0 MB after 1000: 2.00 kB more a phase

the live page
  its weight                                       130 kB  51 kB as it travels; target ≤ 250 kB: met
  a run of one worker that nobody looks at  50.0 phases/s
  with 50 viewers                           48.5 phases/s  3.0 % slower (target ≤ 2 %: MISSED)
  the coordinator's share of a core                12.5 %  10.0 % without viewers
  all viewers are told                           400 kB/s

a newcomer
  git clone → the first pictures    81 s  in an empty HOME, by \`npm run quickstart\`
  packages                        600 MB  development’s among them
  libtensorflow                   900 MB
  the build                         3 MB
  ganglion --help                 132 ms  target ≤ 150 ms: met
  ganglion runs list              310 ms  target ≤ 300 ms: MISSED

the control plane: the coordinator's CPU for a phase that all workers report
  16 workers, 16 hidden units  2.2 ms  16 messages, 1.8 kB; a second's heartbeats 0.4 ms; one lost: 16.0 ms, 0.0 MB; heap 0.4 MB
`);
});

it('leaves out what was not measured', () => {
  const { reduce } = whole;
  const text = reportText({ machine, ...(reduce && { reduce }) });
  expect(text).toContain('all-reduce');
  expect(text).not.toMatch(/one worker|WASM|whole runs/);
});

it('says where a target is missed and where tensors leak', () => {
  const worse: BenchReport = { machine, replica: { ...replica, stepMs: 56, tensorsAfter: 38 } };
  expect(keepsTensorCount(whole)).toBe(true);
  expect(keepsTensorCount(worse)).toBe(false);
  expect(reportText(worse)).toMatch(/1\.12 × the bare loop \(target ≤ 1\.1: MISSED\)/);
  expect(reportText(worse)).toMatch(/37 → 38 {2}LEAKS/);
});
