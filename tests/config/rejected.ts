/** The error that a call of ours throws for bad input. */
import { expect } from 'vitest';
import { GanglionError } from '../../services/errors/ganglionError.ts';

export function rejected(call: () => unknown): GanglionError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(GanglionError);
    return error as GanglionError;
  }
  throw new Error('nothing was thrown');
}
