/** The page itself: what a browser loads. All of it is in the package, and nothing else is ever loaded from here. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { packageRoot } from '../../config/packageRoot.ts';
import { COLOURS } from '../style.ts';

export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
  /** Of the bytes, quoted. */
  readonly etag: string;
}

const compressed = promisify(gzip);
const SCRIPT = 'text/javascript; charset=utf-8';
const STYLESHEET = 'text/css; charset=utf-8';

/** By the name under /assets/. Throws `ENOENT` where the program is not built. */
export async function readAssets(): Promise<ReadonlyMap<string, Asset>> {
  const written = join(packageRoot(), 'services', 'page', 'browser');
  const built = join(packageRoot(), 'dist', 'services', 'page');
  const chart = dirname(createRequire(import.meta.url).resolve('uplot'));
  const scripts = (await readdir(join(built, 'browser'))).filter((name) => name.endsWith('.js'));
  const files: readonly (readonly [name: string, type: string, bytes: Buffer])[] = [
    ['index.html', 'text/html; charset=utf-8', await readFile(join(written, 'index.html'))],
    ['page.css', STYLESHEET, await readFile(join(written, 'page.css'))],
    ['favicon.svg', 'image/svg+xml', await readFile(join(written, 'favicon.svg'))],
    ['colours.css', STYLESHEET, Buffer.from(COLOURS)],
    ['uPlot.css', STYLESHEET, await readFile(join(chart, 'uPlot.min.css'))],
    ['uPlot.js', SCRIPT, await readFile(join(chart, 'uPlot.iife.min.js'))],
    ['figures.js', SCRIPT, await readScript(join(built, 'figures.js'))],
    ...(await Promise.all(
      scripts.map(async (name) => [`browser/${name}`, SCRIPT, await readScript(join(built, 'browser', name))] as const),
    )),
  ];
  const assets = files.map(async ([name, type, bytes]) => [name, await assetOf(type, bytes)] as const);
  return new Map(await Promise.all(assets));
}

async function assetOf(type: string, bytes: Buffer): Promise<Asset> {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return { type, bytes, gzipped: await compressed(bytes), etag };
}

/** Without the name of its source map, which is not served. */
async function readScript(file: string): Promise<Buffer> {
  return Buffer.from((await readFile(file, 'utf8')).replace(/\/\/# sourceMappingURL=.*\n?$/, ''));
}
