/** Real programs in Python, which read what we wrote and say as JSON what they found. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../services/config/packageRoot.ts';

const bootstrap = `file://${join(packageRoot(), 'services', 'cli', 'bootstrap', 'pythonTools.mjs')}`;

/** The folder that they are in. */
export async function pythonTools(): Promise<string> {
  const { pythonTools: folder } = (await import(bootstrap)) as { pythonTools: string };
  if (existsSync(folder)) return folder;
  throw new Error('TensorBoard, ONNX Runtime and others are not there: run `npm test` once, which brings them.');
}

/** Runs a script with arguments; what it prints must be JSON. */
export async function askPython<Answer>(script: string, ...args: readonly string[]): Promise<Answer> {
  const { stdout } = await promisify(execFile)('python3', ['-c', script, ...args], {
    env: { ...process.env, PYTHONPATH: await pythonTools(), PYTHONWARNINGS: 'ignore' },
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Answer;
}
