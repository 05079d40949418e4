/** Proves that the first signal asks, the second ends the process at once, and a released listener does neither. */
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { listenForSignals } from '../../services/cli/signals.ts';

/** A process that can be sent signals, and notes how it ended. */
class FakeProcess extends EventEmitter {
  readonly exits: unknown[] = [];
  exit(code?: unknown): never {
    this.exits.push(code);
    return undefined as never;
  }
}

function listening() {
  const fake = new FakeProcess();
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
