/** Proves what the bench of the control plane says of messages and bytes: linear in the workers, and no model in them. */
import { expect, it } from 'vitest';
import { controlPlaneCost } from '../../services/bench/controlBench.ts';

it('a phase is one message a worker, as long for a large model as for a small one', async () => {
  const [few, many, large] = [
    await controlPlaneCost(3, 4),
    await controlPlaneCost(6, 4),
    await controlPlaneCost(6, 200),
  ];
  expect([few.phaseMessages, many.phaseMessages, large.phaseMessages]).toEqual([3, 6, 6]);
  expect(many.phaseBytes).toBe(2 * few.phaseBytes);
  expect(large.phaseBytes).toBe(many.phaseBytes);
  expect(many.phaseBytes / 6).toBeLessThan(200);
  expect(many.phaseCpuMs).toBeGreaterThan(0);
});
