/** How a run's events look on a terminal: a progress bar on a terminal that can rewrite a line, else a line at every tenth. */
import cliProgress, { type Options, Presets, SingleBar } from 'cli-progress';
import type { PhaseEvent, RunEvent } from '../report/runEvent.ts';
import { alarmSentence } from './alarmText.ts';
import { type Console, columnsOf, note } from './console.ts';
import { figure } from './units.ts';

export interface Progress {
  show(event: RunEvent): void;
  /** A line between. */
  note(text: string): void;
  /** Leaves the terminal to others; what is shown later is lost. */
  stop(): void;
}

export function createProgress(console: Console): Progress {
  return console.stderr.isTTY && !console.environment.isDumbTerminal ? barProgress(console) : lineProgress(console);
}

// `{value}` is a word of cli-progress: the bar's own position.
const FACTS = 'V {game}  D(x) {real}  D(G(z)) {fake}  {rate}/s';
/** What stands beside the bar: 100%, 6000/6000, the facts with three decimals, the time left, and the blanks. */
const FACTS_COLUMNS = 70;
/** The terminal's own `^C` and cursor behind it, or Ctrl-C would begin a line. */
const ECHO_COLUMNS = 3;
const BAR_COLUMNS = { min: 5, max: 30 };

function barProgress(console: Console): Progress {
  const room = columnsOf(console, console.stderr) - FACTS_COLUMNS;
  const format = `{bar} {percentage}% {phase}/{total}  ${FACTS}  {eta_formatted}`;
  const options: Options = {
    stream: console.stderr,
    format: (given, at, payload) =>
      cliProgress.Format.Formatter({ ...given, format }, at, payload).slice(
        0,
        columnsOf(console, console.stderr) - ECHO_COLUMNS,
      ),
    barsize: Math.max(BAR_COLUMNS.min, Math.min(BAR_COLUMNS.max, room)),
    // A hidden cursor would stay hidden after Ctrl-C.
    hideCursor: false,
    // A terminal that is told not to wrap shows the end of a long line in its last column: the line is cut instead.
    linewrap: true,
    clearOnComplete: false,
    etaBuffer: 50,
  };
  const bar = new SingleBar(options, Presets.rect);
  let running = false;
  let over = false;
  let latest = facts(undefined);
  const pause = () => {
    if (running) bar.stop();
    running = false;
  };
  const line = (text: string) => {
    pause();
    note(console, text);
  };
  return {
    show(event) {
      if (over) return;
      if (event.kind === 'state') return line(sentence(event));
      if (event.kind === 'alarm') return line(alarmSentence(event));
      if (event.kind === 'evaluation') return line(`${event.runId}: ${event.why}`);
      if (event.kind !== 'phase') return;
      latest = facts(event, latest);
      const payload = { ...latest, phase: event.phase + 1, total: event.totalPhases };
      if (running) bar.update(event.phase + 1, payload);
      else bar.start(event.totalPhases, event.phase + 1, payload);
      running = true;
    },
    note: line,
    stop() {
      over = true;
      pause();
    },
  };
}

function lineProgress(console: Console): Progress {
  let tenth = -1;
  let over = false;
  let latest = facts(undefined);
  return {
    show(event) {
      if (over) return;
      if (event.kind === 'state') note(console, sentence(event));
      if (event.kind === 'alarm') note(console, alarmSentence(event));
      if (event.kind === 'evaluation') note(console, `${event.runId}: ${event.why}`);
      if (event.kind !== 'phase') return;
      latest = facts(event, latest);
      const now = Math.floor((10 * (event.phase + 1)) / event.totalPhases);
      if (now === tenth) return;
      tenth = now;
      const text = FACTS.replace(/\{(\w+)\}/g, (_, key: keyof Facts) => latest[key]);
      note(console, `phase ${event.phase + 1}/${event.totalPhases}  ${text}`);
    },
    note: (text) => note(console, text),
    stop() {
      over = true;
    },
  };
}

interface Facts {
  /** V(D,G), the value of the game. */
  readonly game: string;
  readonly real: string;
  readonly fake: string;
  /** Phases a second. */
  readonly rate: string;
}

/** A G phase has no V and no D(x): what was last seen stays. */
function facts(event: PhaseEvent | undefined, before?: Facts): Facts {
  const keep = (value: number | undefined, last: string | undefined) =>
    value === undefined && last ? last : figure(value);
  return {
    game: keep(event?.statistics.value, before?.game),
    real: keep(event?.statistics.dReal, before?.real),
    fake: keep(event?.statistics.dFake, before?.fake),
    rate: event ? event.phasesPerSecond.toFixed(1) : '–',
  };
}

function sentence(event: Extract<RunEvent, { kind: 'state' }>): string {
  return `${event.runId} is ${event.state}: ${event.why}`;
}
