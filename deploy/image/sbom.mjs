/** The image's software bill of materials, CycloneDX on stdout: npm's packages, and the wheels whose libraries are in it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pinnedWheels } from '../../dist/services/backend/wheels.js';

const stamp = JSON.parse(
  readFileSync(new URL('../../node_modules/@tensorflow/tfjs-node-gpu/deps/ganglion.json', import.meta.url), 'utf8'),
);
const wheels = pinnedWheels(process.platform, process.arch)[stamp.gpu ? 'gpu' : 'cpu'];
const npm = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev'], { maxBuffer: 64 * 1024 * 1024 });
const bill = JSON.parse(npm.toString());
for (const { project, version, sha256 } of wheels) {
  const purl = `pkg:pypi/${project}@${version}`;
  bill.components.push({
    'bom-ref': purl,
    type: 'library',
    name: project,
    version,
    purl,
    hashes: [{ alg: 'SHA-256', content: sha256 }],
  });
}
process.stdout.write(`${JSON.stringify(bill, null, 2)}\n`);
