// Assembles kernels.wat into the committed kernels.ts. `npm run check` fails where they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, 'kernels.ts');
const { parseWat } = await wabt();
const source = parseWat('kernels.wat', readFileSync(join(here, 'kernels.wat'), 'utf8'), { simd: true, threads: true });
const { buffer } = source.toBinary({ write_debug_names: false });
const lines = Buffer.from(buffer)
  .toString('base64')
  .match(/.{1,110}/g)
  .map((line) => `  '${line}',`);
writeFileSync(
  out,
  `/** kernels.wat, assembled by generate.mjs. */
export const KERNELS = [
${lines.join('\n')}
].join('');
`,
);
