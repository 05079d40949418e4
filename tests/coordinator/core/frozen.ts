import { isCollection } from 'immutable';

/** Freezes a value to its leaves, maps too: whoever writes to it throws. */
export function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (ArrayBuffer.isView(value)) return value;
  if (isCollection(value)) {
    // Nothing of it can be written to but what it holds; inside it remembers hashes.
    for (const entry of value) frozen(entry);
    return value;
  }
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
