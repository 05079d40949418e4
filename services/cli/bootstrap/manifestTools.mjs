/** What judges the Kubernetes manifests in the tests: kustomize, and Python with strict schemas of every kind that we use. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder, findProgram, isExecutable } from './programs.mjs';
import { say, step } from './step.mjs';

const KUSTOMIZE = 'v5.7.1';
/** The schemas of Kubernetes 1.25 to 1.37; the models of JobSet and Kubeflow Trainer. */
const SCHEMAS = ['kubernetes-validate==1.37.0', 'kubeflow-trainer-api==2.3.0'];

/** Go modules that have the definitions of other kinds that we use, and where. */
const DEFINITIONS = {
  'github.com/prometheus-operator/prometheus-operator@v0.85.0': 'example/prometheus-operator-crd-full',
  'github.com/cert-manager/cert-manager@v1.21.2': 'deploy/crds',
};

/**
 * A command line that renders the folder behind it, a Python that has the schemas, and a folder with the definitions of kinds
 * that Kubernetes does not have; undefined with a line why.
 */
export async function provisionManifestTools() {
  const render = await provisionKustomize();
  const python = render && (await provisionSchemas());
  const definitions = python && (await provisionDefinitions());
  return definitions && { render, python, definitions };
}

async function provisionKustomize() {
  const kubectl = findProgram('kubectl');
  if (kubectl) return [kubectl, 'kustomize'];
  const kept = join(cacheFolder, `kustomize-${KUSTOMIZE}`);
  const program = join(kept, 'kustomize');
  const go = findGo();
  if (!isExecutable(program) && go) {
    const module = `sigs.k8s.io/kustomize/kustomize/v5@${KUSTOMIZE}`;
    await step(`build kustomize ${KUSTOMIZE}`, go, ['install', module], { env: { ...process.env, GOBIN: kept } });
  }
  if (isExecutable(program)) return [program, 'build'];
  say('The tests need kustomize: put kubectl or Go on the PATH.');
  return undefined;
}

function findGo() {
  return findProgram('go') ?? findProgram('go', '/usr/local/go/bin');
}

async function provisionDefinitions() {
  const modules = Object.keys(DEFINITIONS);
  const folder = join(cacheFolder, `definitions-${modules.map((module) => module.split('/').at(-1)).join('-')}`);
  if (existsSync(folder)) return folder;
  const go = findGo();
  const done = `${folder}.partial-${process.pid}`;
  const cache = join(done, 'modules');
  mkdirSync(cache, { recursive: true });
  // A cache of its own that can be removed again: the modules are some 40 MB, the definitions two.
  const env = { ...process.env, GOMODCACHE: cache, GOFLAGS: '-modcacherw' };
  const got = go && (await step('bring the definitions of other kinds', go, ['mod', 'download', ...modules], { env }));
  if (got) {
    for (const [module, place] of Object.entries(DEFINITIONS)) {
      const from = join(cache, module, place);
      for (const file of readdirSync(from)) copyFileSync(join(from, file), join(done, file));
    }
    rmSync(cache, { recursive: true });
    renameSync(done, folder);
    return folder;
  }
  rmSync(done, { recursive: true });
  say(
    'The tests need the definitions of PodMonitor and Certificate: put Go on the PATH, check the network, and try again.',
  );
  return undefined;
}

async function provisionSchemas() {
  const folder = join(cacheFolder, `manifest-schemas-${SCHEMAS.join('-').replaceAll('==', '-')}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  // Only its Python is called, which may be moved: the scripts beside it name the folder that they were made in.
  const done = `${folder}.partial-${process.pid}`;
  rmSync(done, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const made =
    (await step('make a virtual environment', findProgram('python3') ?? 'python3', ['-m', 'venv', done])) &&
    (await step('install Kubernetes schemas', join(done, 'bin', 'python'), ['-m', 'pip', 'install', '-q', ...SCHEMAS]));
  if (made) {
    renameSync(done, folder);
    return python;
  }
  say('The tests need Kubernetes schemas: run `apt-get install -y python3-venv`, check the network, and try again.');
  return undefined;
}
