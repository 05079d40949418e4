/** A scenario in which every event's outcome is checked, requests may be refused, and effects wait until they are heard. */
import type { CoordinatorEvent } from '../../../services/coordinator/core/event.ts';
import { GanglionError } from '../../../services/errors/ganglionError.ts';
import { expectSound } from './invariants.ts';
import { Scenario } from './scenario.ts';

export class WatchedScenario extends Scenario {
  override on(event: CoordinatorEvent): this {
    const before = this.state;
    const unheard = this.effects;
    try {
      super.on(event);
      this.effects = [...unheard, ...this.effects];
    } catch (error) {
      if (!(error instanceof GanglionError) || !event.type.endsWith('Requested')) throw error;
    }
    expectSound(before, event, this.state);
    return this;
  }
}
