/** Freezes a value to its leaves, maps too: whoever writes to it throws. */
export function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (ArrayBuffer.isView(value)) return value;
  if (value instanceof Map) {
    for (const [key, entry] of value) {
      frozen(key);
      frozen(entry);
    }
    const refuse = () => {
      throw new Error('a frozen map was written to');
    };
    Object.assign(value, { set: refuse, delete: refuse, clear: refuse });
  }
  for (const entry of Object.values(value)) frozen(entry);
  return Object.freeze(value);
}
