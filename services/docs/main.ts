/** Writes the generated pages of `docs/`: what `npm run generate` starts. A test compares them with what is committed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../config/packageRoot.ts';
import { PAGES } from './pages.ts';

const folder = join(packageRoot(), 'docs');
await mkdir(folder, { recursive: true });
for (const [file, page] of Object.entries(PAGES)) await writeFile(join(folder, file), page());
