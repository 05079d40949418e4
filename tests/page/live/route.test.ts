/** Proves which answer a URL asks for, and that what means nothing asks for nothing. */
import { expect, it } from 'vitest';
import { routeOf } from '../../../services/page/live/route.ts';

it.each([
  ['/', { type: 'asset', name: 'index.html' }],
  ['/assets/browser/main.js', { type: 'asset', name: 'browser/main.js' }],
  ['/events', { type: 'events', runId: undefined, cursor: undefined }],
  ['/events?run=a%2Fb&after=7-2', { type: 'events', runId: 'a/b', cursor: '7-2' }],
  ['/runs/mnist-1/checkpoints', { type: 'checkpoints', runId: 'mnist-1' }],
  ['/runs/mnist-1/figure1', { type: 'figure1', runId: 'mnist-1' }],
  [
    '/runs/a%20b/files/checkpoints/phase-1/manifest.json',
    { type: 'file', runId: 'a b', name: 'checkpoints/phase-1/manifest.json' },
  ],
])('%s', (url, route) => {
  expect(routeOf(url)).toEqual(route);
});

it.each([
  '',
  '*',
  'http://[',
  '/runs',
  '/runs/',
  '/runs//files/x',
  '/runs/a/files',
  '/runs/a/figure1/x',
  '/%',
  '/metrics',
])('%s is nothing', (url) => {
  expect(routeOf(url)).toBeUndefined();
});
