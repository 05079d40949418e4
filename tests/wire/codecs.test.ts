/**
 * Proves that everything that travels arrives as it was sent: each kind of message, event and view goes through its
 * codec and through protobuf's bytes and back. What a newer program may send is taken as what this one can say of it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoordinatorMessage, WorkerMessage } from '../../services/control/messages.ts';
import { type RunEvent, runEventSchema } from '../../services/report/runEvent.ts';
import type { RunView, WorkerView } from '../../services/report/runView.ts';
import type { TracePart } from '../../services/trace/tracePart.ts';
import {
  coordinatorMessageFromWire,
  coordinatorMessageToWire,
  workerMessageFromWire,
  workerMessageToWire,
} from '../../services/wire/controlCodec.ts';
import { ganglionV1 } from '../../services/wire/definition.ts';
import { eventFromWire, eventToWire, runFromWire, runToWire, workerFromWire } from '../../services/wire/runCodec.ts';
import { tracePartFromWire, tracePartToWire } from '../../services/wire/traceCodec.ts';
import { coordinatorMessages, events, runViews, traceParts, workerMessages, workerViews } from './arbitraries.ts';

const { Control } = ganglionV1.WorkerService.service;
const { WatchRun, GetRun, TraceRun } = ganglionV1.RunService.service;
const { ListWorkers } = ganglionV1.FleetService.service;

const overTheWire = {
  worker: (message: WorkerMessage) =>
    workerMessageFromWire(Control.requestDeserialize(Control.requestSerialize(workerMessageToWire(message)))),
  coordinator: (message: CoordinatorMessage) =>
    coordinatorMessageFromWire(
      Control.responseDeserialize(Control.responseSerialize(coordinatorMessageToWire(message))),
    ),
  event: (event: RunEvent) =>
    eventFromWire(WatchRun.responseDeserialize(WatchRun.responseSerialize(eventToWire(event)))),
  tracePart: (part: TracePart) =>
    tracePartFromWire(TraceRun.responseDeserialize(TraceRun.responseSerialize(tracePartToWire(part)))),
  run: (run: RunView) => runFromWire(GetRun.responseDeserialize(GetRun.responseSerialize({ run: runToWire(run) })).run),
  workerView: (worker: WorkerView) =>
    ListWorkers.responseDeserialize(ListWorkers.responseSerialize({ workers: [worker] })).workers.map(
      workerFromWire,
    )[0],
};

describe('what a worker says arrives as it was said', () => {
  it.each(Object.entries(workerMessages))('%s', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (message) => void expect(plain(overTheWire.worker(message))).toEqual(plain(message))),
      { numRuns: 50 },
    );
  });
});

describe('what the coordinator says arrives as it was said', () => {
  it.each(Object.entries(coordinatorMessages))('%s', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (message) => void expect(overTheWire.coordinator(message)).toEqual(message)),
      { numRuns: 50 },
    );
  });
});

describe('what happens to a run arrives as it happened', () => {
  it.each(Object.entries(events))('%s', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (event) => {
        const arrived = overTheWire.event(event);
        expect(arrived).toEqual(event);
        // No field of the wire's own stays in it: what is printed and stored is what the schema says.
        expect(runEventSchema.parse(arrived)).toEqual(event);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a trace arrives as it was recorded', () => {
  it.each(Object.entries(traceParts))('%s', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (part) => void expect(overTheWire.tracePart(part)).toEqual(part)),
      { numRuns: 50 },
    );
  });

  it('but for what a newer coordinator tells', () => {
    const nothing = TraceRun.responseDeserialize(Buffer.from([0x7a, 0x00]));
    expect(tracePartFromWire(nothing)).toEqual({ type: 'spans', process: 0, spans: [] });
  });
});

describe('what a person sees arrives as it is', () => {
  it('of a run', () => {
    fc.assert(fc.property(runViews, (run) => void expect(overTheWire.run(run)).toEqual(run)));
  });

  it('of a worker', () => {
    fc.assert(fc.property(workerViews, (worker) => void expect(overTheWire.workerView(worker)).toEqual(worker)));
  });
});

describe('a newer program', () => {
  it('may say what this one does not know: it is nothing to a control stream', () => {
    expect(workerMessageFromWire(Control.requestDeserialize(Buffer.alloc(0)))).toBeUndefined();
    expect(coordinatorMessageFromWire(Control.responseDeserialize(Buffer.alloc(0)))).toBeUndefined();
    // Field 99, of a kind that does not exist yet.
    const unknown = Buffer.from([0x9a, 0x06, 0x01, 0x00]);
    expect(workerMessageFromWire(Control.requestDeserialize(unknown))).toBeUndefined();
  });

  it('may tell an event that this one does not know: it is left out', () => {
    const bare = WatchRun.responseDeserialize(WatchRun.responseSerialize({ runId: 'r', sequence: 7 }));
    expect(eventFromWire(bare)).toBeUndefined();
  });

  it('may know more states: a run in one of them is shown as queued', () => {
    // Field 1, Run: its field 2, state, is 77.
    const answer = GetRun.responseDeserialize(Buffer.from([0x0a, 0x02, 0x10, 77]));
    expect(runFromWire(answer.run).state).toBe('queued');
  });

  it('may have another backend: it is shown as plain cpu', () => {
    const answer = ListWorkers.responseSerialize({ workers: [{ device: { backend: 'npu' } }] });
    expect(ListWorkers.responseDeserialize(answer).workers.map(workerFromWire)[0]?.device.backend).toBe('cpu');
  });
});

describe('numbers', () => {
  it('keep every bit: NaN, infinities and −0 in statistics, and counts to 2⁵³', () => {
    const value = { discriminatorLoss: Number.NaN, generatorLoss: Number.POSITIVE_INFINITY, dReal: -0 };
    const at = { runId: 'r', generation: Number.MAX_SAFE_INTEGER, phase: Number.MAX_SAFE_INTEGER };
    const timings = { computeMs: 0, exchangeMs: 0, waitMs: 0, applyMs: 0 };
    const rest = {
      timings,
      exchangedBytes: 2 ** 40,
      savedBytes: 2 ** 39,
      compileFallbacks: 1,
      weightsSha256: '',
      phaseCount: 1,
    };
    const report: WorkerMessage = { type: 'phaseReport', ...at, ...rest, statistics: value };
    expect(overTheWire.worker(report)).toEqual(report);
  });

  it('that are absent stay absent, and zero stays zero', () => {
    const message = overTheWire.worker({
      ...{ type: 'phaseReport', runId: 'r', generation: 0, phase: 0, exchangedBytes: 0, savedBytes: 0, phaseCount: 0 },
      ...{ weightsSha256: '', compileFallbacks: 0, timings: { computeMs: 0, exchangeMs: 0, waitMs: 0, applyMs: 0 } },
      statistics: { value: 0 },
    });
    expect(message).toHaveProperty('statistics', { value: 0 });
  });
});

/** Bytes compare by value, whether Buffer or Uint8Array. */
function plain(message: WorkerMessage | undefined): unknown {
  return message?.type === 'snapshot' ? { ...message, pixels: [...message.pixels] } : message;
}
