/** Whether two results have the same bits. */
import type { Tensor } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';

/** A sentence about the first tensor that differs; undefined where all bits are the same. */
export function difference(what: string, actual: readonly Tensor[], expected: readonly Tensor[]): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} ${what}s instead of ${expected.length}`;
  for (const [index, tensor] of expected.entries()) {
    const other = must(actual[index], what);
    const at = `${what} ${index + 1} of ${expected.length}`;
    if (other.dtype !== tensor.dtype || String(other.shape) !== String(tensor.shape)) {
      return `${at} is ${other.dtype} [${other.shape}] instead of ${tensor.dtype} [${tensor.shape}]`;
    }
    const count = differentBytes(bytesOf(other), bytesOf(tensor));
    if (count > 0) return `${count} bytes of ${at} differ`;
  }
  return undefined;
}

function bytesOf(tensor: Tensor): Buffer {
  const { buffer, byteOffset, byteLength } = tensor.dataSync();
  return Buffer.from(buffer, byteOffset, byteLength);
}

function differentBytes(a: Buffer, b: Buffer): number {
  if (a.equals(b)) return 0;
  return a.reduce((count, byte, index) => count + (byte === b[index] ? 0 : 1), 0);
}
