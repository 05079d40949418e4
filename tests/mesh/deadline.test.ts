/** Proves that a deadline aborts with its parent's reason or when the time is up, and that nothing keeps it from that. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Deadline } from '../../services/mesh/deadline.ts';

it('aborts when the time is up, also after a garbage collection', async () => {
  const deadline = new Deadline(new AbortController().signal, 30);
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  await once(deadline.signal, 'abort');
  expect(deadline.passed).toBe(true);
  expect(deadline.signal.reason).toMatchObject({ message: 'nothing came within 30 ms' });
});

it('aborts with its parent, for its reason', () => {
  const parent = new AbortController();
  const deadline = new Deadline(parent.signal, 1000);
  parent.abort('halted');
  expect([deadline.signal.aborted, deadline.signal.reason, deadline.passed]).toEqual([true, 'halted', false]);
  deadline.end();
  expect(new Deadline(parent.signal, 1000).signal.reason).toBe('halted');
});

it('has no hold over anything once it has ended', async () => {
  const parent = new AbortController();
  const deadline = new Deadline(parent.signal, 10);
  deadline.end();
  await sleep(20);
  expect(deadline.passed).toBe(false);
});
