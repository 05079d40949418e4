/**
 * Proves what the page's port answers, with a real coordinator behind it: it only reads, says what it has not, lets nothing of
 * another place in, tells runs as they change, and drops who does not read.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningCoordinator } from '../../../services/coordinator/main.ts';
import { VIEWERS_MAX } from '../../../services/page/live/liveHub.ts';
import { connect as connectRuns, type RunsClient } from '../../../services/wire/client.ts';
import { SMALL_YAML } from '../../config/configs.ts';
import { localCoordinator } from '../../coordinator/localCoordinator.ts';

let folder: string;
let coordinator: RunningCoordinator;
let client: RunsClient;
let runId: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-live-'));
  coordinator = await localCoordinator(join(folder, 'runs'), { page: { host: '127.0.0.1', port: 0 } });
  client = connectRuns(coordinator.address, { timeoutMs: 10_000 });
  runId = (await client.createRun(SMALL_YAML, false)).runId;
});
afterAll(async () => {
  client.close();
  await coordinator.close();
  await rm(folder, { recursive: true });
});

const get = (path: string, init?: RequestInit) => fetch(`http://${coordinator.pageAddress}${path}`, init);

/** Opens a stream of events, and reads on until `enough`. */
async function events(path: string, enough: (text: string) => boolean, headers = {}): Promise<string> {
  const request = httpGet(`http://${coordinator.pageAddress}${path}`, { headers });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
    if (enough(text)) break;
  }
  request.destroy();
  return text;
}

/** The JSON of the events of a kind. */
function dataOf(text: string, kind: string): Record<string, unknown>[] {
  const found = text.matchAll(new RegExp(`event: ${kind}\\ndata: (.*)\\n\\n`, 'g'));
  return [...found].map(([, json = '']) => JSON.parse(json));
}

describe('the page', () => {
  it('is whole, small, and loads nothing of another place', async () => {
    const index = await get('/');
    expect([index.status, index.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = index.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const html = await index.text();
    expect(html).not.toMatch(/<style|style=|\son\w+=|https?:\/\//);
    for (const [, name] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
      const asset = await get(name ?? '');
      expect(asset.status, name).toBe(200);
      const again = await get(name ?? '', { headers: { 'if-none-match': asset.headers.get('etag') ?? '' } });
      expect(again.status).toBe(304);
    }
  });

  it('answers HEAD without a body, and refuses what would write', async () => {
    const head = await get('/', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await get(`/runs/${runId}/checkpoints`, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      await answer.text();
    }
  });

  it.each([
    ['/nothing', 404],
    ['/assets/../package.json', 404],
    ['/assets/%2e%2e%2fmain.ts', 404],
    ['/runs/no-1/checkpoints', 404],
    ['/runs/small-1/files/nothing.png', 404],
    ['/runs/small-1/files/..%2f..%2f.journal', 400],
    ['/runs/small-1/files/%2fetc%2fpasswd', 400],
    ['/%', 404],
  ])('%s is refused with a sentence', async (path, status) => {
    const socket = connect(Number(coordinator.pageAddress?.split(':').at(-1)), '127.0.0.1');
    socket.write(`GET ${path.replace('small-1', runId)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    let answer = '';
    for await (const chunk of socket.setEncoding('utf8')) answer += chunk;
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/\r\n\r\n.+/);
  });

  it('shows pictures, and hands out files', async () => {
    const picture = await get(`/runs/${runId}/files/reals.png`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    const [checkpoint] = (await (await get(`/runs/${runId}/checkpoints`)).json()) as {
      state: string;
      fileBytes: number;
    }[];
    const state = await get(`/runs/${runId}/files/${checkpoint?.state}`);
    expect(state.headers.get('content-disposition')).toMatch(/^attachment; .*state\.safetensors/);
    expect((await state.arrayBuffer()).byteLength).toBe(checkpoint?.fileBytes);
  });
});

describe('the stream', () => {
  it('tells what there is, then what changes, each with a cursor', async () => {
    const watching = events(`/events?run=${runId}`, (text) => text.includes('"state":"paused"'));
    await sleep(300);
    await client.pauseRun(runId);
    const text = await watching;
    const [first, ...later] = dataOf(text, 'run');
    expect(first).toMatchObject({ whole: true, run: { runId }, game: { look: 'pictures' } });
    expect(later.at(-1)).toMatchObject({ whole: false, run: { state: 'paused' } });
    const [overview] = dataOf(text, 'overview');
    expect(overview).toMatchObject({ runs: [{ runId }], workers: [] });
    await client.resumeRun(runId, undefined);
  });

  it('goes on where a viewer was', async () => {
    const text = await events(`/events?run=${runId}`, (all) => /event: run\n.*\n\n/.test(all));
    const id = /id: (.*)\n/.exec(text)?.[1] ?? '';
    expect(dataOf(text, 'run')[0]?.happenings).toContainEqual(expect.objectContaining({ kind: 'state' }));
    await client.pauseRun(runId);
    const again = await events(`/events?run=${runId}`, (all) => /event: run\n.*\n\n/.test(all), {
      'last-event-id': id,
    });
    const [frame] = dataOf(again, 'run');
    expect(frame).toMatchObject({ whole: false, happenings: [{ kind: 'state', state: 'paused' }] });
    await client.resumeRun(runId, undefined);
  });

  it('says so where there is no such run', async () => {
    const text = await events('/events?run=no-1', (all) => all.includes('event: problem'));
    expect(dataOf(text, 'problem')[0]?.message).toMatch(/^There is no run 'no-1'/);
  });

  it('takes so many viewers and no more, and forgets those that leave', async () => {
    const requests = Array.from({ length: VIEWERS_MAX }, () => httpGet(`http://${coordinator.pageAddress}/events`));
    const answers = await Promise.all(
      requests.map(async (request) => ((await once(request, 'response')) as [IncomingMessage])[0]),
    );
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
    const refused = await get('/events');
    expect([refused.status, await refused.text()]).toEqual([
      503,
      `At most ${VIEWERS_MAX} pages can be open at once.\n`,
    ]);
    for (const request of requests) request.destroy();
    await expect.poll(async () => (await events('/events', (all) => all.length > 0)).length).toBeGreaterThan(0);
  });
});
