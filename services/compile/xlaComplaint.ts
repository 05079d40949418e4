/** What TensorFlow says where XLA does not take a graph, as part of a sentence. */
import { describeError } from '../errors/ganglionError.ts';

/** What the package puts before TensorFlow's words. */
const PREFIX = /^Invalid TF_Status: \d+\nMessage: /;

/** The ops that lack a kernel by name; else the first line, for the others name nodes again. */
export function xlaComplaint(error: unknown): string {
  const said = describeError(error).replace(PREFIX, '');
  const ops = [...said.matchAll(/No registered '(\w+)' OpKernel/g)].map(([, op]) => op);
  if (ops.length > 0) return `it has no kernel for ${[...new Set(ops)].join(', ')}`;
  return said.split('\n', 1).join();
}
