/** Follows a run on the terminal: a progress bar on a TTY, else a line at every tenth; ends with the run. */
import { type Options, Presets, SingleBar } from 'cli-progress';
import { GanglionError } from '../errors/ganglionError.ts';
import { isFinal, type PhaseEvent, type RunEvent, type RunState } from '../report/runEvent.ts';
import type { RunsClient } from '../wire/client.ts';
import { type Console, note } from './console.ts';
import { figure } from './units.ts';

/** A coordinator that is away for longer than this is reported: 60 dials, a second apart. */
const RECONNECTS_MAX = 60;
const RECONNECT_MS = 1_000;

/** Returns the state that the run ended in (or `paused`). Dials again by itself while the coordinator is away. */
export async function watchRun(console: Console, client: RunsClient, runId: string): Promise<RunState> {
  const progress = createProgress(console);
  let next = 0;
  let failures = 0;
  try {
    for (;;) {
      try {
        for await (const event of client.watchRun(runId, next)) {
          failures = 0;
          next = event.sequence + 1;
          progress.show(event);
          if (event.kind === 'state' && isFinal(event.state) && (await standsAt(client, runId)) === event.state) {
            return event.state;
          }
        }
        return await standsAt(client, runId);
      } catch (error) {
        const away = error instanceof GanglionError && error.code === 'unreachable';
        failures += 1;
        if (!away || failures > RECONNECTS_MAX) throw error;
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      }
    }
  } finally {
    progress.stop();
  }
}

async function standsAt(client: RunsClient, runId: string): Promise<RunState> {
  return (await client.getRun(runId)).state;
}

interface Progress {
  show(event: RunEvent): void;
  stop(): void;
}

function createProgress(console: Console): Progress {
  return console.stderr.isTTY ? barProgress(console) : lineProgress(console);
}

const FACTS = 'V {value}  D(x) {real}  D(G(z)) {fake}  {rate} phases/s';

function barProgress(console: Console): Progress {
  const options: Options = {
    stream: process.stderr,
    format: `{bar} {percentage}% | {phase}/{total} | ${FACTS} | {eta_formatted}`,
    barsize: 20,
    hideCursor: true,
    clearOnComplete: false,
    etaBuffer: 50,
  };
  const bar = new SingleBar(options, Presets.rect);
  let started = false;
  let latest = facts(undefined);
  return {
    show(event) {
      if (event.kind === 'phase') {
        latest = facts(event, latest);
        const payload = { ...latest, phase: event.phase + 1, total: event.totalPhases };
        if (!started) bar.start(event.totalPhases, event.phase + 1, payload);
        else bar.update(event.phase + 1, payload);
        started = true;
      } else if (event.kind === 'state') {
        if (started) bar.stop();
        started = false;
        note(console, sentence(event));
      }
    },
    stop() {
      if (started) bar.stop();
    },
  };
}

function lineProgress(console: Console): Progress {
  let tenth = -1;
  let latest = facts(undefined);
  return {
    show(event) {
      if (event.kind === 'state') note(console, sentence(event));
      if (event.kind !== 'phase') return;
      latest = facts(event, latest);
      const now = Math.floor((10 * (event.phase + 1)) / event.totalPhases);
      if (now === tenth) return;
      tenth = now;
      const text = FACTS.replace(/\{(\w+)\}/g, (_, key: keyof Facts) => latest[key]);
      note(console, `phase ${event.phase + 1}/${event.totalPhases}  ${text}`);
    },
    stop() {},
  };
}

interface Facts {
  readonly value: string;
  readonly real: string;
  readonly fake: string;
  readonly rate: string;
}

/** A G phase has no V and no D(x): what was last seen stays. */
function facts(event: PhaseEvent | undefined, before?: Facts): Facts {
  const keep = (value: number | undefined, last: string | undefined) => (value === undefined && last ? last : figure(value));
  return {
    value: keep(event?.statistics.value, before?.value),
    real: keep(event?.statistics.dReal, before?.real),
    fake: keep(event?.statistics.dFake, before?.fake),
    rate: event ? event.phasesPerSecond.toFixed(1) : '–',
  };
}

function sentence(event: Extract<RunEvent, { kind: 'state' }>): string {
  return `${event.runId} is ${event.state}: ${event.why}`;
}
