/** Writes what other programs read of Ganglion's metrics and messages: `main.js [FOLDER]`, default deploy/. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageRoot } from '../config/packageRoot.ts';
import { generatedFiles } from './generatedFiles.ts';

const folder = process.argv[2] ?? join(packageRoot(), 'deploy');
for (const [name, text] of generatedFiles()) {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}
