/** Pieces of a trace between their wire form and plain values. */
import { must } from '../errors/invariant.ts';
import type { TracePart } from '../trace/tracePart.ts';
import type { TracePart__Output, TracePart as WireTracePart } from './generated/ganglion/v1/TracePart.ts';

export function tracePartToWire(part: TracePart): WireTracePart {
  switch (part.type) {
    case 'begun':
      return { begun: { ...part, workerIds: [...part.workerIds] } };
    case 'spans':
      return { spans: { process: part.process, spans: [...part.spans] } };
    case 'process': {
      const { clock, ...process } = part;
      return {
        process: {
          ...process,
          ...(clock && { clockOffsetMs: clock.offsetMs, clockUncertaintyMs: clock.uncertaintyMs }),
        },
      };
    }
  }
}

export function tracePartFromWire(wire: TracePart__Output): TracePart {
  switch (wire.part) {
    case 'begun':
      return { type: 'begun', ...must(wire.begun, 'begun') };
    case 'spans':
      return { type: 'spans', ...must(wire.spans, 'spans') };
    case 'process': {
      const { process, name, clockOffsetMs, clockUncertaintyMs, missing, dropped } = must(wire.process, 'process');
      const clock =
        clockOffsetMs === undefined ? undefined : { offsetMs: clockOffsetMs, uncertaintyMs: clockUncertaintyMs };
      return { type: 'process', process, name, clock, missing, dropped };
    }
    default:
      // Of a newer coordinator: nothing that this version can show.
      return { type: 'spans', process: 0, spans: [] };
  }
}
