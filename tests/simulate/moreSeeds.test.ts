/** The second thousand seeds of simulation.test.ts. */
import { describe } from 'vitest';
import { holdsFrom } from './seeds.ts';

describe('a cluster from a seed', () => {
  holdsFrom(1001);
});
