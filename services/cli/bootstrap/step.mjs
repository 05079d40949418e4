/** One step of the bootstrap: a line with its seconds; what it printed is shown only where it fails. */
import { spawn } from 'node:child_process';

/** A step's words, kept for the case that it fails: the last 256 KiB say what went wrong. */
const OUTPUT_BYTES_MAX = 256 * 1024;

/** Runs a program quietly. Resolves to true where it ended with 0; else prints its output and resolves to false. */
export async function step(title, program, args, options = {}) {
  const startMs = performance.now();
  const { code, signal, output } = await run(program, args, { ...options, shown: false });
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  say(`${code === 0 ? '✓' : '✗'} ${title} (${seconds} s)`);
  if (signal) process.kill(process.pid, signal);
  if (code !== 0 && !options.quietFailure) process.stderr.write(output);
  return code === 0;
}

/** Runs a program that owns the terminal. Resolves to its exit code; a signal that ended it ends us alike. */
export async function show(program, args, options = {}) {
  const { code, signal } = await run(program, args, { ...options, shown: true });
  if (signal) process.kill(process.pid, signal);
  return code ?? 1;
}

/** Our own words go to stderr: stdout belongs to the program that runs in the end. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

function run(program, args, { env, cwd, shown }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: env ?? process.env,
      stdio: shown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-OUTPUT_BYTES_MAX);
      });
    }
    // A terminal sends Ctrl-C to the child as well; another process's signal reaches us alone, so it is passed on.
    const passOn = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, passOn);
    const finish = (result) => {
      for (const signal of signals) process.off(signal, passOn);
      resolve({ ...result, output });
    };
    child.once('error', (error) => {
      output += `${error.message}\n`;
      finish({ code: 127, signal: null });
    });
    child.once('close', (code, signal) => finish({ code, signal }));
  });
}
