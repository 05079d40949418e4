/** How a download looks on a terminal: a bar on a TTY, else a line at every tenth. */
import { Presets, SingleBar } from 'cli-progress';
import { type Console, columnsOf, note } from './console.ts';
import { bytes } from './units.ts';

export interface DownloadProgress {
  show(name: string, doneBytes: number, totalBytes: number): void;
  stop(): void;
}

export function createDownloadProgress(console: Console): DownloadProgress {
  return console.stderr.isTTY ? bars(console) : lines(console);
}

/** What stands beside the bar: the file's name, 100%, the bytes of both, the time left, and the blanks. */
const FACTS_COLUMNS = 70;
const BAR_COLUMNS = { min: 5, max: 30 };

/** One bar after the other, a file each. */
function bars(console: Console): DownloadProgress {
  const room = columnsOf(console, console.stderr) - FACTS_COLUMNS;
  let bar: SingleBar | undefined;
  let shown = '';
  return {
    show(name, doneBytes, totalBytes) {
      const payload = { done: bytes(doneBytes), all: bytes(totalBytes) };
      if (bar === undefined || shown !== name) {
        bar?.stop();
        bar = new SingleBar(
          {
            stream: console.stderr,
            format: `{bar} {percentage}% ${name}  {done} / {all}  {eta_formatted}`,
            barsize: Math.max(BAR_COLUMNS.min, Math.min(BAR_COLUMNS.max, room)),
            // A hidden cursor would stay hidden after Ctrl-C.
            hideCursor: false,
            clearOnComplete: false,
            etaBuffer: 50,
          },
          Presets.rect,
        );
        shown = name;
        bar.start(totalBytes, doneBytes, payload);
      } else {
        bar.update(doneBytes, payload);
      }
    },
    stop: () => bar?.stop(),
  };
}

function lines(console: Console): DownloadProgress {
  let last = '';
  return {
    show(name, doneBytes, totalBytes) {
      const tenth = Math.floor((10 * doneBytes) / totalBytes);
      const key = `${name} ${tenth}`;
      if (key === last) return;
      last = key;
      note(console, `${name}  ${10 * tenth}%  ${bytes(doneBytes)} / ${bytes(totalBytes)}`);
    },
    stop: () => undefined,
  };
}
