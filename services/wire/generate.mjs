// Regenerates the committed TypeScript types of the .proto files. `npm run check` fails where they differ.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const out = process.argv[2] ?? join(root, 'services', 'wire', 'generated');
rmSync(out, { recursive: true, force: true });
const files = readdirSync(join(root, 'proto', 'ganglion', 'v1')).map((name) => `ganglion/v1/${name}`);
execFileSync(
  process.execPath,
  [
    join(root, 'node_modules', '@grpc', 'proto-loader', 'build', 'bin', 'proto-loader-gen-types.js'),
    '--grpcLib=@grpc/grpc-js',
    '--longs=Number',
    '--enums=String',
    '--bytes=Buffer',
    '--defaults',
    '--arrays',
    '--oneofs',
    '--includeComments',
    '--targetFileExtension=.ts',
    '--importFileExtension=.ts',
    `--includeDirs=${join(root, 'proto')}`,
    `--outDir=${out}`,
    ...files,
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);

// The generator writes this machine's path into every header.
for (const name of readdirSync(out, { recursive: true })) {
  const file = join(out, name);
  if (!file.endsWith('.ts')) continue;
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(`${root}/`, ''));
}
