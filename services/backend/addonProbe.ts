/** Tries an addon in a process of its own: a library that crashes or hangs there is a sentence here. */
import { z } from 'zod';
import { GanglionError } from '../errors/ganglionError.ts';
import { lastLine, runCommand } from './command.ts';

/** Loading takes 1–3 s, the first CUDA context up to a minute (kernels are compiled for a new GPU). */
const PROBE_MS_MAX = 180_000;

/** Loads the addon without any JavaScript of tfjs and multiplies [[1,2],[3,4]] by [[5,6],[7,8]]. */
const SCRIPT = `
const binding = require(process.argv[1]);
const matrix = (...values) => binding.createTensor([2, 2], binding.TF_FLOAT, new Float32Array(values));
const [product] = binding.executeOp('MatMul', [
  { name: 'transpose_a', type: binding.TF_ATTR_BOOL, value: false },
  { name: 'transpose_b', type: binding.TF_ATTR_BOOL, value: false },
  { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
], [matrix(1, 2, 3, 4), matrix(5, 6, 7, 8)], 1);
const into = new Float32Array(4);
binding.readTensor(product.id, into);
process.stdout.write('\\n' + JSON.stringify({
  version: binding.TF_Version,
  gpu: binding.isUsingGpuDevice(),
  product: Array.from(into),
}));
`;

const answerSchema = z.object({ version: z.string(), gpu: z.boolean(), product: z.array(z.number()) });

export interface AddonFacts {
  /** The library's own version, as in "2.21.0". */
  readonly version: string;
  /** A GPU device is there and the library uses it. */
  readonly gpu: boolean;
}

/** Throws `backend` where the addon does not load, crashes, or computes a wrong product. */
export async function probeAddon(addon: string, env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<AddonFacts> {
  const quiet = { ...env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const options = { env: quiet, timeoutMs: PROBE_MS_MAX, signal };
  const result = await runCommand(process.execPath, ['-e', SCRIPT, addon], options);
  const answer = result.code === 0 ? parse(lastLine(result.stdout)) : undefined;
  if (answer && answer.product.join() === '19,22,43,50') return { version: answer.version, gpu: answer.gpu };
  throw new GanglionError({
    code: 'backend',
    message: `The native library does not work here: ${symptom(result)}.`,
    remedy: 'Run `ganglion backend install --from WHEEL` with a TensorFlow build for this CPU, or use WASM.',
  });
}

function parse(line: string) {
  try {
    return answerSchema.parse(JSON.parse(line));
  } catch {
    return undefined; // The caller's message quotes what came instead.
  }
}

function symptom(result: {
  code: number | undefined;
  signal: string | undefined;
  stdout: string;
  stderr: string;
}): string {
  if (result.signal) return `loading it ended by ${result.signal}`;
  const errors = result.stderr.split('\n').filter((line) => /error/i.test(line));
  if (result.code !== 0) return lastLine(errors[0] ?? result.stderr) || `it ended with ${result.code}`;
  return `a product of two matrices came out as ${lastLine(result.stdout)}`;
}
