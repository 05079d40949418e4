/**
 * Rounds before those that count, of ours and of those beside: in the first half second V8 still compiles, on the cores that the
 * rounds want (18 MB: 8 to 19 ms a round, then 7 to 9).
 */
export const WARM_UP_ROUNDS = 60;
