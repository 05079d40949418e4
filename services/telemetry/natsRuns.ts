/** Runs as JetStream kept them: their events from any sequence, as long as NATS is there. No coordinator is needed. */
import { connect, type JsMsg, type NatsConnection } from 'nats';
import { GanglionError } from '../errors/ganglionError.ts';
import { isFinal, type RunEvent, type RunState, runEventSchema } from '../report/runEvent.ts';
import { connectionOptions, type NatsOptions } from './natsPort.ts';
import { isRunToken } from './subjects.ts';

export interface NatsRuns {
  /** In the order of the run, each once. Throws `unreachable` when NATS goes, `not-found` where it has nothing of the run. */
  watchRun(runId: string, fromSequence: number): AsyncIterable<RunEvent>;
  /** The state that was last told to a watcher. */
  getRun(runId: string): Promise<{ readonly state: RunState }>;
}

export function natsRuns(options: NatsOptions): NatsRuns {
  const states = new Map<string, RunState>();
  return {
    async *watchRun(runId, fromSequence) {
      if (!isRunToken(runId)) throw nothingOf(runId);
      const connection = await dial(options);
      try {
        for await (const event of readRun(connection, runId, fromSequence)) {
          if (event.kind === 'state') states.set(runId, event.state);
          yield event;
        }
      } finally {
        await connection.close();
      }
    },
    getRun: async (runId) => ({ state: states.get(runId) ?? 'queued' }),
  };
}

/** A lost connection ends the reading: whoever follows dials again, and says so. */
async function dial(options: NatsOptions): Promise<NatsConnection> {
  try {
    return await connect({ ...connectionOptions(options), name: 'ganglion-watch', reconnect: false });
  } catch (error) {
    throw new GanglionError({
      code: 'unreachable',
      message: `NATS cannot be reached at ${String(options.servers)}: ${(error as Error).message}.`,
      remedy: 'Name its address with --nats or GANGLION_NATS_URL.',
      cause: error,
    });
  }
}

async function* readRun(connection: NatsConnection, runId: string, fromSequence: number): AsyncGenerator<RunEvent> {
  const filter = `ganglion.v1.runs.${runId}.*`;
  const stream = await streamOf(connection, filter);
  const consumer = await connection.jetstream().consumers.get(stream, { filterSubjects: filter });
  if ((await consumer.info()).num_pending === 0) throw nothingOf(runId);
  const messages = await consumer.consume();
  void connection.closed().then(() => messages.stop());
  // What a coordinator told again after it lost its place comes with sequences that were there before.
  let last = fromSequence - 1;
  for await (const message of messages) {
    const event = eventOf(message);
    if (event.sequence > last) {
      last = event.sequence;
      yield event;
    }
    if (event.kind === 'state' && isFinal(event.state) && message.info.pending === 0) return;
  }
  throw new GanglionError({ code: 'unreachable', message: 'NATS ended the connection.', remedy: 'Try again.' });
}

async function streamOf(connection: NatsConnection, subject: string): Promise<string> {
  try {
    const manager = await connection.jetstreamManager();
    return await manager.streams.find(subject);
  } catch (error) {
    throw new GanglionError({
      code: 'not-found',
      message: `NATS keeps no stream of ${subject}: ${(error as Error).message}.`,
      remedy: 'Start it with JetStream (-js), then make the stream: nats stream add --config deploy/nats/stream.json.',
      cause: error,
    });
  }
}

function eventOf(message: JsMsg): RunEvent {
  const event = runEventSchema.safeParse(message.json());
  if (event.success) return event.data;
  throw new GanglionError({
    code: 'corrupt',
    message: `Message ${message.seq} on ${message.subject} is no event that this version knows.`,
    remedy: 'Use the version of Ganglion that the coordinator has.',
    cause: event.error,
  });
}

function nothingOf(runId: string): GanglionError {
  return new GanglionError({
    code: 'not-found',
    message: `NATS has nothing of run '${runId}'.`,
    remedy:
      'See `nats stream subjects GANGLION` for what is there, and `ganglion runs list` for the coordinator’s runs.',
  });
}
