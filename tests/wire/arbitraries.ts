/** Any message, event and view, for the tests of the codecs. Exhaustive: a new kind breaks the build here. */
import fc from 'fast-check';
import { type CoordinatorMessage, FAULT_KINDS, type WorkerMessage } from '../../services/control/messages.ts';
import { EVALUATED, type Evaluation } from '../../services/report/evaluation.ts';
import { RUN_STATES, type RunEvent, type RunEventKind } from '../../services/report/runEvent.ts';
import type { RunView, WorkerView } from '../../services/report/runView.ts';
import type { Statistics } from '../../services/report/statistics.ts';
import type { TracePart } from '../../services/trace/tracePart.ts';

const text = fc.string({ unit: 'binary', maxLength: 30 });
const count = fc.maxSafeNat();
const small = fc.nat(2 ** 32 - 1);
const double = fc.double({ noNaN: true });
const position = { runId: text, generation: count, phase: count };

/** Any of the statistics, each there or not. */
const statistics: fc.Arbitrary<Statistics> = fc.record(
  {
    discriminatorLoss: double,
    generatorLoss: double,
    value: double,
    dReal: double,
    dFake: double,
    penalty: double,
    discriminatorGradientNorm: double,
    generatorGradientNorm: double,
    emaGap: double,
  },
  { requiredKeys: [], noNullPrototype: true },
);
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** As events have them: JSON knows no infinity. */
const finiteStatistics: fc.Arbitrary<Statistics> = fc.record(
  { discriminatorLoss: finite, generatorLoss: finite, dReal: finite, discriminatorGradientNorm: finite },
  { requiredKeys: [], noNullPrototype: true },
);
const timings = record({ computeMs: finite, exchangeMs: finite, waitMs: finite, applyMs: finite });
const members = fc.array(record({ workerId: text, rank: small, shards: fc.array(small, { maxLength: 4 }) }), {
  maxLength: 3,
});
const peer = record({ tcp: text, unix: text, machine: text });
const device = record({
  backend: fc.constantFrom('cuda', 'tensorflow', 'wasm', 'cpu'),
  backendVersion: text,
  deviceClass: text,
  intraOpThreads: small,
  cores: small,
  memoryBytes: count,
  runtime: text,
});

const measures = fc.array(
  fc.record(
    { name: text, value: finite, standardError: finite },
    { requiredKeys: ['name', 'value'], noNullPrototype: true },
  ),
  { maxLength: 3 },
);
const span = record({ track: text, name: text, beginMs: double, endMs: double });

export const workerMessages: {
  [Type in WorkerMessage['type']]: fc.Arbitrary<Extract<WorkerMessage, { type: Type }>>;
} = {
  hello: record({
    type: fc.constant('hello'),
    protocolVersion: small,
    workerId: text,
    hostname: text,
    pid: small,
    device,
    peer,
    held: fc.option(record({ runId: text, phase: count, configSha256: text }), { nil: undefined }),
    evaluates: fc.boolean(),
  }),
  heartbeat: record({ type: fc.constant('heartbeat'), ...position, activity: text }),
  ready: record({ type: fc.constant('ready'), ...position }),
  held: record({ type: fc.constant('held'), ...position, hasState: fc.boolean() }),
  phaseReport: record({
    type: fc.constant('phaseReport'),
    ...position,
    statistics: fc.option(statistics, { nil: undefined }),
    timings,
    exchangedBytes: count,
    savedBytes: count,
    compileFallbacks: small,
    weightsSha256: text,
    phaseCount: small,
  }),
  snapshot: record({ type: fc.constant('snapshot'), ...position, pixels: fc.uint8Array({ maxLength: 40 }) }),
  failure: record({ type: fc.constant('failure'), ...position, message: text, remedy: text, fatal: fc.boolean() }),
  draining: record({ type: fc.constant('draining'), why: text }),
  roadBlocked: record({
    type: fc.constant('roadBlocked'),
    ...position,
    peerId: text,
    message: text,
    transient: fc.boolean(),
  }),
  nonFinite: record({
    type: fc.constant('nonFinite'),
    ...position,
    tensor: text,
    shards: fc.array(small, { maxLength: 4 }),
    skipped: fc.boolean(),
  }),
  traceAnswer: record({
    type: fc.constant('traceAnswer'),
    traceId: count,
    sentAtMs: double,
    receivedAtMs: double,
    answeredAtMs: double,
    nextPhase: count,
  }),
  traceSpans: record({
    type: fc.constant('traceSpans'),
    traceId: count,
    spans: fc.array(span, { maxLength: 3 }),
    phase: count,
    last: fc.boolean(),
    dropped: count,
  }),
  evaluationAnswer: record({
    type: fc.constant('evaluationAnswer'),
    evaluationId: count,
    outcome: fc.oneof(
      record({ type: fc.constant('measured'), weightsSha256: text, of: fc.constantFrom(...EVALUATED), measures }),
      record({ type: fc.constant('failed'), why: fc.string({ minLength: 1, maxLength: 30 }) }),
    ),
  }),
};

export const traceParts: { [Type in TracePart['type']]: fc.Arbitrary<Extract<TracePart, { type: Type }>> } = {
  begun: record({
    type: fc.constant('begun'),
    firstPhase: count,
    phaseCount: count,
    phase: count,
    workerIds: fc.array(text, { maxLength: 3 }),
  }),
  spans: record({ type: fc.constant('spans'), process: small, spans: fc.array(span, { maxLength: 3 }) }),
  process: record({
    type: fc.constant('process'),
    process: small,
    name: text,
    clock: fc.option(record({ offsetMs: double, uncertaintyMs: double }), { nil: undefined }),
    missing: text,
    dropped: count,
  }),
};

export const coordinatorMessages: {
  [Type in CoordinatorMessage['type']]: fc.Arbitrary<Extract<CoordinatorMessage, { type: Type }>>;
} = {
  welcome: record({
    type: fc.constant('welcome'),
    coordinatorId: text,
    heartbeatIntervalMs: small,
    failureDetectionMs: small,
  }),
  drain: record({ type: fc.constant('drain'), why: text }),
  refused: record({ type: fc.constant('refused'), message: text, remedy: text }),
  assignment: record({
    type: fc.constant('assignment'),
    ...position,
    configJson: text,
    datasetSize: count,
    sampleSize: small,
    keepState: fc.boolean(),
    totalPhases: count,
    rank: small,
    members,
    peers: fc.array(peer, { maxLength: 3 }),
    road: fc.constantFrom('direct', 'star'),
    meshKey: text,
    sourceRank: fc.option(small, { nil: undefined }),
  }),
  begin: record({ type: fc.constant('begin'), runId: text, generation: count }),
  halt: record({ type: fc.constant('halt'), runId: text, generation: count, why: text, graceful: fc.boolean() }),
  collectState: record({ type: fc.constant('collectState'), runId: text, generation: count }),
  fault: record({ type: fc.constant('fault'), kind: fc.constantFrom(...FAULT_KINDS), durationMs: small }),
  release: record({ type: fc.constant('release'), runId: text, why: text }),
  evaluationOrder: record({
    type: fc.constant('evaluationOrder'),
    evaluationId: count,
    runId: text,
    phase: count,
    totalPhases: count,
    sampleSize: small,
    configJson: text,
    metrics: fc.array(text, { maxLength: 3 }),
    dataSha256: text,
  }),
  evaluationOver: record({ type: fc.constant('evaluationOver'), evaluationId: count }),
  traceOrder: record({
    type: fc.constant('traceOrder'),
    traceId: count,
    runId: text,
    fromPhase: count,
    untilPhase: count,
    sentAtMs: double,
    over: fc.boolean(),
  }),
};

const alarm = record({ name: text, phase: count, value: double, threshold: double, message: text, advice: text });

const evaluation = {
  phase: count,
  of: fc.constantFrom(...EVALUATED),
  measures,
};

const head = { schema: fc.constant('ganglion.v1' as const), runId: text, sequence: count, timeMs: count };

export const events: { [Kind in RunEventKind]: fc.Arbitrary<Extract<RunEvent, { kind: Kind }>> } = {
  state: record({
    kind: fc.constant('state'),
    ...head,
    state: fc.constantFrom(...RUN_STATES),
    why: text,
    phase: count,
    totalPhases: count,
    weightsSha256: text,
  }),
  phase: record({
    kind: fc.constant('phase'),
    ...head,
    phase: count,
    totalPhases: count,
    epoch: small,
    statistics: finiteStatistics,
    timings,
    samples: count,
    samplesPerSecond: finite,
    phasesPerSecond: finite,
  }),
  snapshot: record({ kind: fc.constant('snapshot'), ...head, phase: count, artifact: text }),
  membership: record({
    kind: fc.constant('membership'),
    ...head,
    generation: count,
    phase: count,
    members,
    why: text,
  }),
  alarm: record({
    kind: fc.constant('alarm'),
    ...head,
    name: text,
    active: fc.boolean(),
    phase: count,
    value: finite,
    threshold: finite,
    message: text,
    advice: text,
  }),
  evaluation: record({ kind: fc.constant('evaluation'), ...head, ...evaluation, why: text }),
};

export const runViews: fc.Arbitrary<RunView> = record({
  ...{ runId: text, state: fc.constantFrom(...RUN_STATES), why: text, configYaml: text, phase: count },
  ...{ totalPhases: count, generation: count, workerIds: fc.array(text), workersWanted: small, workersNeeded: small },
  ...{
    createdAtMs: count,
    updatedAtMs: count,
    folder: text,
    checkpointPhases: fc.array(count),
    weightsSha256: text,
    statistics,
    alarms: fc.array(alarm, { maxLength: 2 }),
    evaluation: fc.option(record<Evaluation>(evaluation), { nil: undefined }),
    best: fc.option(record({ phase: count, measure: text, value: double }), { nil: undefined }),
  },
});

export const workerViews: fc.Arbitrary<WorkerView> = record({
  ...{ workerId: text, hostname: text, pid: small, device, runId: text, phase: count, activity: text },
  connectedAtMs: count,
});

/** A record as the codecs make them: with every key, and Object's prototype. */
function record<Value>(model: { [Key in keyof Value]: fc.Arbitrary<Value[Key]> }): fc.Arbitrary<Value> {
  return fc.record<Value>(model, { noNullPrototype: true });
}
