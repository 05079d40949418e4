/** Faults that a run survives, or stops for, as metrics count them. */
export const FAULTS = ['workerLost', 'replicaDiverged', 'nonFiniteGradient'] as const;
export type Fault = (typeof FAULTS)[number];
