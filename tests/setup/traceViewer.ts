/**
 * The viewer of chrome://tracing (Catapult) in a real browser, out of the package that embeds it in TensorBoard: Debian's
 * Chromium comes without its own.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { ReadSpan } from '../trace/strictTrace.ts';
import { startChromium } from './chromium.ts';
import { pythonTools } from './pythonTools.ts';

const ORIGIN = 'http://viewer.test';
const VIEWER = 'trace_embedding.html';
const HOST = `<!doctype html><style>html, body, iframe { border: 0; margin: 0; width: 100%; height: 100% }</style>
<iframe src="${VIEWER}"></iframe>`;

/** What the viewer made of a trace, by its own model. */
export interface ViewedTrace {
  readonly page: Page;
  readonly warnings: readonly string[];
  /** From top to bottom, lane by lane. Microseconds after the first. */
  readonly spans: readonly ReadSpan[];
}

/** In the viewer's page. */
const READ_MODEL = `(() => {
  const { model } = document.querySelector('#trace-viewer');
  const inOrder = (all) => Object.values(all).sort((a, b) => a.sortIndex - b.sortIndex);
  const spans = inOrder(model.getAllProcesses()).flatMap(({ name: process, threads }) =>
    inOrder(threads).flatMap(({ name: lane, sliceGroup }) =>
      sliceGroup.slices.map(({ title: name, start, duration }) => {
        return { process, lane, name, begin: 1000 * start, end: 1000 * (start + duration) };
      }),
    ),
  );
  return { spans, warnings: model.importWarnings.map(({ message }) => message) };
})()`;

export async function openInViewer(trace: string): Promise<ViewedTrace> {
  const page = await (await startChromium()).newPage({ viewport: { width: 1600, height: 900 } });
  const statics = join(await pythonTools(), 'torch_tb_profiler', 'static');
  // The viewer asks for what browsers had when it was written.
  const polyfill = createRequire(import.meta.url).resolve('webcomponents.js/webcomponents.min.js');
  await page.route('**/*', (route) => {
    const file = new URL(route.request().url()).pathname.slice(1);
    if (file === '') return route.fulfill({ body: HOST, contentType: 'text/html' });
    return route.fulfill({ path: file.endsWith('/webcomponents.min.js') ? polyfill : join(statics, file) });
  });
  await page.goto(ORIGIN);
  const viewer = page.frame({ url: `${ORIGIN}/${VIEWER}` });
  if (!viewer) throw new Error('The viewer is not on its page.');
  await viewer.waitForSelector('#trace-viewer', { state: 'attached' });
  await viewer.evaluate(`window.postMessage({ name: 'trace', data: ${JSON.stringify(trace)} })`);
  const shown = await viewer.waitForFunction(
    `document.querySelector('#trace-viewer').model ? 'shown' : document.body.innerText.includes('failed') && 'refused'`,
  );
  if ((await shown.jsonValue()) === 'refused') throw new Error('The viewer cannot read the trace.');
  return { page, ...((await viewer.evaluate(READ_MODEL)) as Omit<ViewedTrace, 'page'>) };
}
