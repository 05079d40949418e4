/** Programs out of PyPI that read what we write: the tests hold our files against them. */
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './programs.mjs';
import { say, step } from './step.mjs';

/** For Python 3.10 and later. */
const PACKAGES = ['tensorboard==2.20.0', 'onnxruntime==1.23.2', 'safetensors==0.7.0', 'numpy==2.2.6'];

/** Has the viewer of chrome://tracing as pages and scripts; without its dependencies, which those do not need. */
const TRACE_VIEWER = 'torch-tb-profiler==0.4.3';

const version = createHash('sha256')
  .update([...PACKAGES, TRACE_VIEWER].join(' '))
  .digest('hex')
  .slice(0, 8);

/** What PYTHONPATH must name, once `provisionPythonTools` has brought it. A folder and no virtual environment: Debian's Python has none. */
export const pythonTools = join(cacheFolder, `python-tools-${version}`);

/** True where they are there; else a line says how to get them. */
export async function provisionPythonTools() {
  if (existsSync(pythonTools)) return true;
  const partial = `${pythonTools}.partial-${process.pid}`;
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', partial];
  const args = [...install, ...PACKAGES];
  const done =
    (await step('install TensorBoard, ONNX Runtime and safetensors', 'python3', args)) &&
    (await step('install a trace viewer', 'python3', [...install, '--no-deps', TRACE_VIEWER]));
  if (done && !existsSync(pythonTools)) renameSync(partial, pythonTools);
  rmSync(partial, { recursive: true, force: true });
  if (!done) say(`The tests need them and ${TRACE_VIEWER}: see why \`python3 ${args.join(' ')}\` fails.`);
  return done;
}
