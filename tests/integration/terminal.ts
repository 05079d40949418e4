/** The program in a real pseudo-terminal (Python's `pty`), whose screen a real emulator draws (xterm). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import xterm from '@xterm/headless';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { PROGRAM } from './cluster.ts';

const ROWS = 24;
const POLL_MS = 20;
const MS_MAX = 60_000;

export interface Line {
  readonly text: string;
  /** The line before went on here, since it was too long. */
  readonly wrapped: boolean;
}

export interface Terminal {
  /** As the program wrote it. */
  bytes(): string;
  /** What a person sees, also what was scrolled away, without empty lines. */
  lines(): Line[];
  /** The same as one text, whose long lines are whole. */
  said(): string;
  /** Whether the program left the terminal to wrap lines and to show its cursor, as it found it. */
  isAsFound(): boolean;
  type(text: string): void;
  until(wanted: (lines: Line[]) => boolean): Promise<Line[]>;
  /** Exit code; negative for a signal. */
  readonly ended: Promise<number>;
}

export function openTerminal(columns: number, args: readonly string[], env: NodeJS.ProcessEnv = {}): Terminal {
  const script = join(packageRoot(), 'tests', 'integration', 'terminal.py');
  const child = spawn('python3', [script, String(columns), process.execPath, PROGRAM, ...args], {
    env: { ...process.env, TERM: 'xterm-256color', COLUMNS: '', NO_COLOR: '', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const screen = new xterm.Terminal({ cols: columns, rows: ROWS, scrollback: 10_000, allowProposedApi: true });
  let bytes = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    bytes += text;
    screen.write(text);
  });
  const lines = () => {
    const { active } = screen.buffer;
    return Array.from({ length: active.length }, (_, y) => active.getLine(y))
      .map((line) => ({ text: line?.translateToString(true) ?? '', wrapped: line?.isWrapped ?? false }))
      .filter(({ text }) => text !== '');
  };
  return {
    bytes: () => bytes,
    lines,
    said: () =>
      lines()
        .map(({ text, wrapped }) => (wrapped ? text : `\n${text}`))
        .join(''),
    isAsFound: () => screen.modes.wraparoundMode && !/\[\?25l(?!.*\[\?25h)/s.test(bytes),
    type: (text) => void child.stdin.write(text),
    async until(wanted) {
      const deadline = Date.now() + MS_MAX;
      for (;;) {
        const seen = lines();
        if (wanted(seen)) return seen;
        if (child.exitCode !== null || Date.now() > deadline)
          throw new Error(`the terminal shows:\n${seen.map(({ text }) => text).join('\n')}`);
        await sleep(POLL_MS);
      }
    },
    ended: once(child, 'close').then(async ([code]) => {
      await new Promise<void>((drawn) => screen.write('', drawn));
      return Number(code);
    }),
  };
}
