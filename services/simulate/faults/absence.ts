/**
 * How a worker stays away when the chaos is over: for good, so that the others must do without it. As in TigerBeetle's VOPR,
 * which then looks whether those that can talk to each other get anything done.
 */
import type { WorkerNode } from '../cluster/workerNode.ts';
import { COORDINATOR } from '../network/calls.ts';
import type { Network } from '../network/network.ts';
import type { World } from '../world.ts';

const KINDS = ['dead', 'stalled', 'cut', 'unheard', 'deaf', 'parted', 'restless'] as const;

/** Between two deaths, or two starts, of a worker that dies again and again: in failure detections. */
const RESTLESS = { least: 0.5, most: 8 } as const;

/** @param others workers that it may not reach, although it reaches the coordinator. */
export function keepAway(world: World, network: Network, worker: WorkerNode, others: readonly WorkerNode[]): void {
  const { dice, scenario, timeline } = world;
  // A person who asks for the direct road gets no other.
  const mayPart = scenario.runs.every(({ config }) => config.collective.road !== 'direct');
  const kind = dice.pick(KINDS.filter((kind) => mayPart || kind !== 'parted'));
  const { node } = worker.identity;
  world.note(`${node} stays away: ${kind}`);
  const cutBoth = (other: string) => {
    network.cut(node, other);
    network.cut(other, node);
  };
  switch (kind) {
    case 'dead':
      return worker.process?.die(dice.pick(['process', 'machine']));
    case 'stalled': {
      const { process } = worker;
      process?.stall();
      if (process) network.stalled(process);
      return;
    }
    case 'cut':
      for (const other of [COORDINATOR, ...others.map(({ identity }) => identity.node)]) cutBoth(other);
      return;
    case 'unheard':
      return network.cut(node, COORDINATOR);
    case 'deaf':
      return network.cut(COORDINATOR, node);
    case 'parted': {
      const share = dice.pick([1, 0.5, 0.2]);
      for (const { identity } of others) if (dice.chance(share)) cutBoth(identity.node);
      return;
    }
    case 'restless': {
      const meanMs = scenario.failureDetectionMs * dice.logBetween(RESTLESS.least, RESTLESS.most);
      const again = () =>
        timeline.after(dice.exponential(meanMs), `${node} is restless`, () => {
          if (worker.process) worker.process.die('process');
          else worker.start();
          again();
        });
      again();
    }
  }
}
