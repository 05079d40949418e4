/** What the control plane costs: a line for each fleet. */
import type { ControlPlaneCost } from './controlBench.ts';
import { block, type Line, ms } from './textBlock.ts';

export function controlText(costs: readonly ControlPlaneCost[]): string {
  return block("the control plane: the coordinator's CPU for a phase that all workers report", costs.map(line));
}

function line(cost: ControlPlaneCost): Line {
  const { workers, hiddenUnits, phaseCpuMs, phaseMessages, phaseBytes, heartbeatsCpuMs } = cost;
  const { regroupCpuMs, regroupBytes, heapMb } = cost;
  return [
    `${workers} workers, ${hiddenUnits} hidden units`,
    ms(phaseCpuMs),
    `${phaseMessages} messages, ${(phaseBytes / 1000).toFixed(1)} kB; a second's heartbeats ${ms(heartbeatsCpuMs)}; ` +
      `one lost: ${ms(regroupCpuMs)}, ${(regroupBytes / 1e6).toFixed(1)} MB; heap ${heapMb.toFixed(1)} MB`,
  ];
}
