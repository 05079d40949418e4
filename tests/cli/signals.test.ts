/** Proves that the first signal asks, the second ends the process at once, and a released listener does neither. */
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { listenForSignals } from '../../services/cli/signals.ts';

/** A process that can be sent signals, and notes how it ended. */
class FakeProcess extends EventEmitter {
  readonly exits: unknown[] = [];
  env: NodeJS.ProcessEnv = {};
  ppid = 100;
  exit(code?: unknown): never {
    this.exits.push(code);
    return undefined as never;
  }
}

function listening(env: NodeJS.ProcessEnv = {}) {
  const fake = new FakeProcess();
  fake.env = env;
  return { fake, interruption: listenForSignals(fake as unknown as NodeJS.Process) };
}

it.each(['SIGINT', 'SIGTERM'])('%s asks once', async (signal) => {
  const { fake, interruption } = listening();
  expect(interruption.signal.aborted).toBe(false);
  fake.emit(signal, signal);
  expect(await interruption.asked).toBe(signal);
  expect(interruption.signal.aborted).toBe(true);
  expect(fake.exits).toEqual([]);
});

it('under npx the loss of the parent asks, once', async () => {
  const { fake, interruption } = listening({ npm_command: 'exec' });
  fake.ppid = 1;
  expect(await interruption.asked).toBe('SIGTERM');
  await sleep(1_200);
  expect(fake.exits).toEqual([]);
});

it('elsewhere a parent may go: whoever starts a service from a script wants it to stay', async () => {
  const { fake, interruption } = listening();
  fake.ppid = 1;
  await sleep(1_200);
  expect(interruption.signal.aborted).toBe(false);
});

it('the second signal ends the process with 130, whichever it is', () => {
  const { fake } = listening();
  fake.emit('SIGINT', 'SIGINT');
  fake.emit('SIGTERM', 'SIGTERM');
  expect(fake.exits).toEqual([130]);
});

it('a released listener leaves signals to others', () => {
  const { fake, interruption } = listening();
  interruption.release();
  expect(fake.listenerCount('SIGINT') + fake.listenerCount('SIGTERM')).toBe(0);
});
