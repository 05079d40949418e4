/** Crashes on a bug of our own. Never used for bad input, which gets a {@link GanglionError} with a remedy. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}

/** The value, or a crash that names it. */
export function must<T>(value: T | null | undefined, name: string): T {
  invariant(value !== null && value !== undefined, `${name} is missing`);
  return value;
}
