/** A scenario in which every event's outcome is checked, and requests may be refused. */
import type { CoordinatorEvent } from '../../../services/coordinator/core/event.ts';
import { GanglionError } from '../../../services/errors/ganglionError.ts';
import { expectSound } from './invariants.ts';
import { Scenario } from './scenario.ts';

export class WatchedScenario extends Scenario {
  override on(event: CoordinatorEvent): this {
    const before = this.state;
    try {
      super.on(event);
    } catch (error) {
      if (!(error instanceof GanglionError) || !event.type.endsWith('Requested')) throw error;
      this.effects = [];
    }
    expectSound(before, event, this.state);
    return this;
  }
}
