/** The page of licences: what an installed package stands on, out of the lock file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../config/packageRoot.ts';
import { table } from './markdown.ts';

const HEAD = `# Licences

Ganglion is [Apache-2.0](../LICENSE). Made by \`npm run generate\`; do not edit.

What the package has is Ganglion's own but for two folders of contracts, and one that is made of others' data:

| what | of | licence |
| --- | --- | --- |
| \`proto/tensorflow/\` | The TensorFlow Authors; a subset of their protos | Apache-2.0 |
| \`proto/onnx/\` | ONNX Project Contributors; a subset of their proto | Apache-2.0 |
| \`services/evaluate/classifier/mnist/\` | weights that Ganglion trained on MNIST, which is LeCun's, Cortes's and Burges's | Apache-2.0 |

\`npm install\` brings the packages below, each under its own licence, in its own folder. \`ganglion backend install\` fetches TensorFlow's wheel from PyPI (Apache-2.0), and with \`--gpu\`
NVIDIA's CUDA and cuDNN wheels, which are under NVIDIA's own terms: nothing of these is in the package. The image has all of it but the compiler, with Node's and Debian's parts; its \`/app/sbom.cdx.json\` lists them.
`;

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), license: z.string().optional(), dev: z.boolean().default(false) }),
  ),
});

export function licenceReference(): string {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8')));
  const byLicence = new Map<string, Set<string>>();
  for (const [path, { version, license, dev }] of Object.entries(packages)) {
    if (path === '' || dev) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = license ?? 'not stated';
    byLicence.set(licence, (byLicence.get(licence) ?? new Set()).add(`${name} ${version}`));
  }
  const rows = [...byLicence]
    .map(([licence, names]) => [licence, String(names.size), [...names].sort().join(', ')])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return [HEAD, ...table(['licence', 'packages', 'which'], rows), ''].join('\n');
}
