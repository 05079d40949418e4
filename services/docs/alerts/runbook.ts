/** What the page of an alert says beyond its rule. */
export interface Runbook {
  /** What the expression asks for, in words. */
  readonly means: string;
  /** Where to look, in this order. */
  readonly look: readonly string[];
  /** Titles of panels, by the dashboard that has them. */
  readonly panels: { readonly Run?: readonly string[]; readonly Fleet?: readonly string[] };
  /** What people usually do. */
  readonly steps: readonly string[];
  /** When it is over. */
  readonly over: string;
}
