/** A worker of a generation, as the direct all-reduce knows it. */
export interface DirectMember {
  readonly workerId: string;
  readonly rank: number;
  /** None for a hot spare: it adds a slice and gets the sums like everybody. */
  readonly shards: readonly number[];
}
