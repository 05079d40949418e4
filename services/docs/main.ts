/** Writes the generated pages of `docs/`: what `npm run generate` starts. A test compares them with what is committed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packageRoot } from '../config/packageRoot.ts';
import { PAGES } from './pages.ts';

const folder = join(packageRoot(), 'docs');
for (const [file, page] of Object.entries(PAGES)) {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), page());
}
