/** A place to install in that is quick to make: a package whose addon is eight lines, a "libtensorflow" of one function. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { requireCompiler } from '../../services/backend/addonBuild.ts';
import { defaultSite, type Site } from '../../services/backend/site.ts';

export interface FakeSite {
  readonly site: Site;
  readonly folder: string;
  /** The wheel that the fake pip serves. */
  readonly wheel: string;
  /** How often pip downloaded. */
  downloads(): number;
  remove(): void;
}

/** Links against the library and includes its header, so a wrong path of either breaks the build or the load. */
const ADDON = `
#include <node_api.h>
#include "tensorflow/c/c_api.h"
static const char* script = R"(((version) => { const kept = []; const keep = (x) => kept.push(x) - 1; return {
  TF_Version: version, TF_FLOAT: 1, TF_ATTR_BOOL: 1, TF_ATTR_TYPE: 2, isUsingGpuDevice: () => false,
  createTensor: (shape, dtype, values) => keep(values), readTensor: (id, into) => into.set(kept[id]),
  executeOp: (name, attrs, [a, b]) => [{ id: keep([0, 1, 2, 3].map((i) =>
    kept[a][i & 2] * kept[b][i & 1] + kept[a][(i & 2) + 1] * kept[b][(i & 1) + 2])) }] }; }))";
NAPI_MODULE_INIT() {
  napi_value text, make, version, binding;
  napi_create_string_utf8(env, script, NAPI_AUTO_LENGTH, &text);
  napi_run_script(env, text, &make);
  napi_create_string_utf8(env, TF_Version(), NAPI_AUTO_LENGTH, &version);
  napi_call_function(env, make, make, 1, &version, &binding);
  return binding;
}`;

const PIP = `#!/bin/sh
case "$*" in *--version*) echo "pip 99.0 from nowhere"; exit 0;; esac
echo download >> "$FAKE_LOG"
if [ -n "$FAKE_PIP_ERROR" ]; then echo "WARNING: retrying" >&2; echo "ERROR: $FAKE_PIP_ERROR" >&2; exit 1; fi
while [ $# -gt 0 ]; do [ "$1" = -d ] && folder=$2; shift; done
exec /bin/cp "$FAKE_WHEEL" "$folder/"
`;

/** `version` is what the library's TF_Version() returns, or undefined for one that aborts. */
export function makeFakeSite(version: string | undefined = '9.9.9'): FakeSite {
  const folder = mkdtempSync(join(tmpdir(), 'ganglion-install-'));
  const path = (...names: string[]) => join(folder, ...names);
  for (const name of ['package/binding', 'bin', 'lib', 'empty']) mkdirSync(path(name), { recursive: true });
  writeFileSync(path('fake.cc'), ADDON);
  writeFileSync(path('bin/python3'), PIP);
  chmodSync(path('bin/python3'), 0o755);
  const wheel = path('fake-1-cp312-cp312-manylinux_2_27_x86_64.whl');
  makeWheel(wheel, version);
  writeFileSync(path('log'), '');
  const pinned = {
    project: 'fake',
    version: '1',
    file: 'fake-1-cp312-cp312-manylinux_2_27_x86_64.whl',
    sha256: sha256(wheel),
  };
  const site: Site = {
    ...defaultSite(),
    packageFolder: path('package'),
    cacheFolder: path('cache'),
    bindingSource: path('fake.cc'),
    env: { PATH: `${path('bin')}:/usr/bin:/bin`, FAKE_WHEEL: wheel, FAKE_LOG: path('log') },
    platform: 'linux',
    arch: 'x64',
    wheels: { cpu: [pinned], gpu: [pinned] },
    freeBytes: () => 1e12,
  };
  return {
    site,
    folder,
    wheel,
    downloads: () => readFileSync(path('log'), 'utf8').split('\n').length - 1,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const HEADER = 'extern "C" const char* TF_Version();\n';

const compiled = new Map<string | undefined, ReadonlyMap<string, Buffer>>();

/** The library's files as site-packages would hold them. Compiled once a version. */
export function libraryFiles(version: string | undefined): ReadonlyMap<string, Buffer> {
  const files = compiled.get(version) ?? compileLibrary(version);
  compiled.set(version, files);
  return files;
}

function compileLibrary(version: string | undefined): ReadonlyMap<string, Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'ganglion-library-'));
  try {
    const body = version === undefined ? '__builtin_trap();' : `return "${version}";`;
    writeFileSync(join(folder, 'main.cc'), `${HEADER}const char* TF_Version() { ${body} }\n`);
    writeFileSync(join(folder, 'framework.cc'), '');
    const build = (source: string, name: string) => {
      const output = join(folder, name);
      execFileSync(requireCompiler(process.env), [
        '-w',
        '-shared',
        '-fPIC',
        `-Wl,-soname,${name}`,
        join(folder, source),
        '-o',
        output,
      ]);
      return readFileSync(output);
    };
    return new Map([
      ['tensorflow/libtensorflow_cc.so.2', build('main.cc', 'libtensorflow_cc.so.2')],
      ['tensorflow/libtensorflow_framework.so.2', build('framework.cc', 'libtensorflow_framework.so.2')],
      ['tensorflow/include/tensorflow/c/c_api.h', Buffer.from(HEADER)],
      ['tensorflow/include/absl/unwanted.h', Buffer.from('not needed')],
      ['tensorflow/python/unwanted.py', Buffer.from('not needed')],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function makeWheel(file: string, version: string | undefined): void {
  writeFileSync(file, zip(libraryFiles(version)));
}

export function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** A zip file without compression (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16); what lies in a bin folder is executable. */
export function zip(files: ReadonlyMap<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of files) {
    const common = Buffer.alloc(26); // From "version needed" to "extra field length": the same in both headers.
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(((name.includes('/bin/') ? 0o100755 : 0o100644) << 16) >>> 0, 6);
    central.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, central, Buffer.from(name));
    const local = [Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), data];
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
