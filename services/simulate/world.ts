/** What everything in a simulation shares: time, chance, the trace, and what was found wrong. */
import type { Checks } from './checks/checks.ts';
import type { Dice } from './dice.ts';
import type { FaultRates } from './faults/faultRates.ts';
import type { Scenario } from './scenario.ts';
import type { Timeline } from './timeline.ts';

export interface World {
  readonly scenario: Scenario;
  readonly timeline: Timeline;
  readonly dice: Dice;
  readonly checks: Checks;
  /** False once faults have ended for good. */
  readonly isChaotic: boolean;
  /** Somebody traces runs: in every fourth seed, so that the others tell the stories that they always told. */
  readonly isWatched: boolean;
  note(what: string): void;
  /** Something goes wrong now: counted by its kind. */
  harm(kind: keyof FaultRates): void;
  /** Some process does something now: what follows from it must settle before anything else happens. */
  entered(): void;
}
