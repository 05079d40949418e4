/** A whole trace, gathered from its pieces. */
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { Span } from './span.ts';
import type { TracedProcess, TracePart } from './tracePart.ts';

export type TraceBegun = Extract<TracePart, { type: 'begun' }>;

export interface RecordedTrace {
  readonly runId: string;
  readonly firstPhase: number;
  readonly phaseCount: number;
  /** The coordinator is the first. */
  readonly processes: readonly TracedProcess[];
  /** By process, on its own clock. */
  readonly spans: ReadonlyMap<number, readonly Span[]>;
}

/** `begun` is told what is recorded. Throws `unreachable` where the coordinator ends in the midst of it. */
export async function gatherTrace(
  runId: string,
  parts: AsyncIterable<TracePart>,
  begun: (what: TraceBegun) => void,
): Promise<RecordedTrace> {
  const spans = new Map<number, Span[]>();
  const processes: TracedProcess[] = [];
  let what: TraceBegun | undefined;
  try {
    for await (const part of parts) {
      if (part.type === 'spans') add(spans, part);
      else if (part.type === 'process') {
        const { type: _, ...process } = part;
        processes.push(process);
      } else {
        what = part;
        spans.clear();
        begun(part);
      }
    }
  } catch (error) {
    const isGone = error instanceof GanglionError && (error.code === 'unreachable' || error.code === 'aborted');
    throw isGone && what ? coordinatorGone(runId, error) : error;
  }
  if (!processes.some(({ process }) => process === 0)) throw coordinatorGone(runId);
  const { firstPhase, phaseCount } = must(what, 'beginning of a trace');
  processes.sort((a, b) => a.process - b.process);
  return { runId, firstPhase, phaseCount, processes, spans };
}

function add(to: Map<number, Span[]>, { process, spans }: Extract<TracePart, { type: 'spans' }>): void {
  const known = to.get(process) ?? [];
  to.set(process, known);
  for (const span of spans) known.push(span);
}

function coordinatorGone(runId: string, cause?: unknown): GanglionError {
  return new GanglionError({
    code: 'unreachable',
    message: `The coordinator went away while ${runId} was traced: what was recorded is lost.`,
    remedy: 'Ask again when it is back: the run goes on by itself.',
    cause,
  });
}
