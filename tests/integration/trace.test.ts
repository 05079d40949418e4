/**
 * Proves by real processes that `ganglion trace` gives one trace of all of them on one clock: workers whose clocks are wrong,
 * a worker that is killed, one that joins, one of an older version, and a coordinator that is killed in the midst. And that the
 * viewer of chrome://tracing shows all of it.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gatherTrace } from '../../services/trace/recordedTrace.ts';
import { dialCoordinator } from '../../services/wire/coordinatorLink.ts';
import { PROTOCOL_VERSION } from '../../services/wire/limits.ts';
import { DEVICE } from '../coordinator/core/runs.ts';
import { openInViewer } from '../setup/traceViewer.ts';
import { type ReadSpan, type ReadTrace, readTrace } from '../trace/strictTrace.ts';
import { Cluster, startProgram } from './cluster.ts';
import { smallRun } from './runs.ts';

const SKEW_MS = { one: -45_000, two: 7_500 };
const PRELOAD = fileURLToPath(new URL('./skewedClock.mjs', import.meta.url));
const ENDLESS = { phases: 1_000_000, everyPhases: 100_000, hidden: 128 };

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ failureDetectionMs: 2_000 });
  for (const id of ['one', 'two'] as const) {
    const env = { TEST_SKEW_MS: String(SKEW_MS[id]), NODE_OPTIONS: `--import=${PRELOAD}` };
    await cluster.addWorkers([id], 'tensorflow', { env });
  }
});
afterAll(() => cluster.stop());

/** `ganglion trace`, as a person calls it. */
function ask(runId: string, phases: string) {
  const file = join(cluster.dataDir, `${runId}.trace.json`);
  const program = startProgram(['trace', runId, '--phases', phases, '--to', file, '--coordinator', cluster.address]);
  const text = async () => {
    expect([await codeOf(program), program.words()]).toEqual([0, expect.stringContaining(`wrote ${file}`)]);
    return readFile(file, 'utf8');
  };
  return { ...program, text, read: async (): Promise<ReadTrace> => readTrace(await text()) };
}

async function codeOf({ child }: { child: ReturnType<typeof startProgram>['child'] }): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function training(name: string, workers: string): Promise<string> {
  const runId = await cluster.launch(smallRun({ ...ENDLESS, name, workers, shards: 2 }));
  await cluster.until(runId, ({ phase }) => phase > 10);
  return runId;
}

it('shows two workers and the coordinator on one clock, however wrong theirs are', async () => {
  const runId = await training('clocks', '2');
  const { spans, about } = await ask(runId, '12').read();
  await cluster.client.cancelRun(runId);
  const [first = 0, last = 0] = about.phases.split('-').map(Number);
  expect([last - first, about.processes.map(({ name, missing }) => `${name}${missing}`)]).toEqual([
    11,
    ['coordinator', expect.stringMatching(/^worker (one|two)$/), expect.stringMatching(/^worker (one|two)$/)],
  ]);

  const clock = (id: 'one' | 'two') => {
    const { clockOffsetMs = Number.NaN, clockUncertaintyMs = Number.NaN } =
      about.processes.find(({ name }) => name === `worker ${id}`) ?? {};
    return { offsetMs: clockOffsetMs, uncertaintyMs: clockUncertaintyMs };
  };
  const uncertaintyMs = clock('one').uncertaintyMs + clock('two').uncertaintyMs;
  // Each process reads the machine's clock once, when it starts, on a machine that does other work too.
  const apartMs = clock('two').offsetMs - clock('one').offsetMs;
  expect(Math.abs(apartMs - (SKEW_MS.two - SKEW_MS.one))).toBeLessThan(uncertaintyMs + 5);
  // Where they cannot be told apart better than this, what follows says little.
  expect(uncertaintyMs).toBeLessThan(20);

  const of = (process: string, lane: string, name: RegExp) =>
    spans.filter((span) => span.process === process && span.lane === lane && name.test(span.name));
  const slack = uncertaintyMs * 1_000;
  for (let phase = first; phase <= last; phase++) {
    const [one, two] = (['worker one', 'worker two'] as const).map((worker) => {
      const [whole] = of(worker, 'phases', new RegExp(`^phase ${phase}: discriminator and generator$`));
      expect([phase, worker, whole]).toEqual([phase, worker, expect.anything()]);
      return { worker, begin: whole?.begin ?? 0, end: whole?.end ?? 0 };
    });
    for (const me of [one, two]) {
      if (!me) continue;
      const within = (lane: string, name: RegExp) =>
        of(me.worker, lane, name).filter(({ begin, end }) => begin >= me.begin && end <= me.end);
      // What the main thread waits for, in this order, and what the compute thread does meanwhile.
      expect(within('phases', /^(wait|compute|exchange|apply)$/).map(({ name }) => name)).toEqual([
        'wait',
        'compute',
        'exchange',
        'apply',
      ]);
      expect(within('compute', new RegExp(`^(gradient of .*|apply), (shard . )?phase ${phase}$`))).toHaveLength(3);
    }
    // A sum is nowhere before everybody has begun to give: so is each round of D's gradients, and of G's.
    for (const round of [2 * phase, 2 * phase + 1]) {
      const [a, b] = ['worker one', 'worker two'].map(
        (worker) => of(worker, 'exchange', new RegExp(`^round ${round}$`))[0],
      );
      if (!a || !b) expect.fail(`round ${round} is not in the trace`);
      expect(a.end).toBeGreaterThan(b.begin - slack);
      expect(b.end).toBeGreaterThan(a.begin - slack);
    }
    // The coordinator hears of a phase after it was applied.
    for (const id of ['one', 'two'] as const) {
      const [heard] = of('coordinator', 'decisions', new RegExp(`^phaseReport of ${id}, phase ${phase}$`));
      const [applied] = of(`worker ${id}`, 'compute', new RegExp(`^apply, phase ${phase}$`));
      if (heard && applied) expect(heard.end).toBeGreaterThan(applied.end - slack);
      // That of the last phase may come when the trace is over.
      else expect([phase, heard]).toEqual([last, undefined]);
    }
  }
  expect(of('coordinator', 'generation', /^generation 1: training$/)).toHaveLength(1);
  expect(of('coordinator', 'effects', /^publish phase$/).length).toBeGreaterThan(5);
  expect(of('coordinator', 'minibatches of one', /^of phase \d+$/).length).toBeGreaterThan(5);
});

it('opens in the viewer of chrome://tracing, with every process, lane and span at its place', async () => {
  const runId = await training('viewed', '2');
  const text = await ask(runId, '12').text();
  await cluster.client.cancelRun(runId);
  const { page, warnings, spans: shown } = await openInViewer(text);
  expect(warnings).toEqual([]);
  const { spans, about } = readTrace(text);
  const places = (all: readonly ReadSpan[]) => all.map(({ process, lane, name }) => `${process}, ${lane}: ${name}`);
  expect(places(shown)).toEqual(places(spans));
  // The viewer begins with the first span, we with the first of a worker.
  const first = Math.min(...spans.map(({ begin }) => begin));
  for (const [index, { begin, end }] of spans.entries()) {
    expect(shown[index]?.begin).toBeCloseTo(begin - first, 1);
    expect(shown[index]?.end).toBeCloseTo(end - first, 1);
  }
  const lanes = page.frameLocator('iframe').locator('#track_view_container');
  for (const { name } of about.processes) expect(await lanes.getByText(`${name} (pid`).isVisible(), name).toBe(true);
});

it('is written though a worker dies in the midst, has one that joins, and names who is missing and why', async () => {
  const runId = await training('membership', '{ min: 1, max: 2 }');
  // A hot spare: it is in the run as soon as there is room.
  await cluster.addWorkers(['three']);
  // Not from a phase on: while a program starts on a busy machine, the run may pass any that is near.
  const asked = ask(runId, '250');
  let first = Number.NaN;
  await cluster.until(runId, ({ phase }) => {
    first = Number(/Records the phases (\d+)-/.exec(asked.words())?.[1]);
    return phase > first + 60;
  });
  await cluster.killWorker('two', 'SIGKILL');
  const { spans, about } = await asked.read();
  await cluster.client.cancelRun(runId);
  expect(about.processes.map(({ name, missing }) => [name, missing])).toEqual([
    ['coordinator', ''],
    ...[
      ['worker one', ''] as const,
      ['worker two', expect.stringMatching(/^Worker two was lost: its connection ended/)],
    ].sort(),
    ['worker three', ''],
  ]);
  expect(asked.words()).toMatch(/Worker two was lost: its connection ended at phase \d+\./);
  const phasesOf = (worker: string) => {
    const names = spans.filter(({ process, lane }) => process === worker && lane === 'phases').map(({ name }) => name);
    return new Set(names.flatMap((name) => /^phase (\d+): [a-z ]+$/.exec(name)?.[1] ?? []).map(Number));
  };
  const whole = Array.from({ length: 250 }, (_, index) => first + index);
  expect([...phasesOf('worker one')]).toEqual(whole);
  // What the dead one had handed over is there; its clock was known.
  expect([...phasesOf('worker two')].slice(0, 50)).toEqual(whole.slice(0, 50));
  expect([...phasesOf('worker three')].at(-1)).toBe(whole.at(-1));
  expect(spans.filter(({ lane, name }) => lane === 'generation' && / training$/.test(name)).length).toBeGreaterThan(1);
});

it('says what is over, what does not train, and what is traced already', async () => {
  const runId = await training('refused', '1');
  const over = ask(runId, '0-5');
  expect([await codeOf(over), over.words()]).toEqual([
    1,
    expect.stringMatching(/Phase 0 of refused-1 is over: the run is at phase \d+/),
  ]);
  const waits = ask(runId, '900000-900001');
  await cluster.until(runId, () => waits.words().includes('Records the phases 900000-900001'));
  const second = ask(runId, '5');
  expect([await codeOf(second), second.words()]).toEqual([1, expect.stringContaining('is being traced already')]);
  // Whoever asked goes away: another may ask.
  await waits.kill('SIGINT');
  expect((await ask(runId, '5').read()).spans.length).toBeGreaterThan(20);
  await cluster.client.cancelRun(runId);
  const cancelled = ask(runId, '5');
  expect([await codeOf(cancelled), cancelled.words()]).toEqual([
    1,
    expect.stringContaining('refused-1 does not train: it is cancelled'),
  ]);
});

it('does not wait for a worker that does not know the order', async () => {
  const link = dialCoordinator(cluster.address);
  const runId = await cluster.launch(smallRun({ ...ENDLESS, name: 'older', workers: 1, backend: 'cpu' }));
  const control = link.openControl({
    message: (message) => {
      if (message.type === 'assignment')
        control.send({ type: 'ready', runId, generation: message.generation, phase: message.phase });
    },
    end: () => undefined,
  });
  const peer = { tcp: '127.0.0.1:9', unix: '', machine: 'm' };
  const device = { ...DEVICE, backend: 'cpu' as const };
  control.send({
    type: 'hello',
    protocolVersion: PROTOCOL_VERSION,
    workerId: 'old',
    hostname: 'h',
    pid: 1,
    device,
    peer,
    held: undefined,
  });
  const beats = setInterval(
    () => control.send({ type: 'heartbeat', runId, generation: 1, phase: 0, activity: 'compute' }),
    200,
  );
  try {
    await cluster.until(runId, ({ state }) => state === 'running');
    const asked = ask(runId, '5');
    expect([await codeOf(asked), asked.words()]).toEqual([
      1,
      expect.stringContaining(
        'Nothing was recorded. Worker old did not answer within 2.0 s: it is of an older version, or hangs.',
      ),
    ]);
  } finally {
    clearInterval(beats);
    link.close();
    await cluster.client.cancelRun(runId);
  }
});

it('ends with a sentence where the coordinator is killed, and the workers record for who asks next', async () => {
  const runId = await training('restart', '1');
  const lost = ask(runId, '900000-900001');
  await cluster.until(runId, () => lost.words().includes('Records the phases'));
  await cluster.killCoordinator();
  expect([await codeOf(lost), lost.words()]).toEqual([
    4,
    expect.stringContaining('The coordinator went away while restart-1 was traced'),
  ]);
  await cluster.startCoordinator();
  await cluster.until(runId, ({ state }) => state === 'running');
  const trace = await gatherTrace(
    runId,
    cluster.client.traceRun({ runId, firstPhase: undefined, phaseCount: 5 }),
    () => undefined,
  );
  expect([trace.phaseCount, trace.processes.map(({ missing }) => missing)]).toEqual([5, ['', '']]);
});
