/** Whether two results are the same: to the last bit, unless a judge is asked who is content with less. */
import type { Tensor } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';

/** What it has against a tensor, after the tensor's name, where that one should be another of the same form. */
export type Judge = (name: string, actual: Tensor, expected: Tensor) => string | undefined;

/** A sentence about the first tensor that differs; undefined where none does. */
export function difference(
  what: string,
  actual: readonly Tensor[],
  expected: readonly Tensor[],
  judge: Judge = sameBits,
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} ${what}s instead of ${expected.length}`;
  for (const [index, tensor] of expected.entries()) {
    const other = must(actual[index], what);
    const at = `${what} ${index + 1} of ${expected.length}`;
    if (other.dtype !== tensor.dtype || String(other.shape) !== String(tensor.shape)) {
      return `${at} is ${other.dtype} [${other.shape}] instead of ${tensor.dtype} [${tensor.shape}]`;
    }
    const differs = judge(at, other, tensor);
    if (differs !== undefined) return differs;
  }
  return undefined;
}

function sameBits(name: string, actual: Tensor, expected: Tensor): string | undefined {
  const count = differentBytes(bytesOf(actual), bytesOf(expected));
  return count === 0 ? undefined : `${count} bytes of ${name} differ`;
}

function bytesOf(tensor: Tensor): Buffer {
  const { buffer, byteOffset, byteLength } = tensor.dataSync();
  return Buffer.from(buffer, byteOffset, byteLength);
}

function differentBytes(a: Buffer, b: Buffer): number {
  if (a.equals(b)) return 0;
  return a.reduce((count, byte, index) => count + (byte === b[index] ? 0 : 1), 0);
}
