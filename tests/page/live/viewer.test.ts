/** Proves that who does not read is dropped once a bounded amount waits, and that who reads is not. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { eventText, Viewer } from '../../../services/page/live/viewer.ts';

const KILOBYTE = 'x'.repeat(1_000);

async function opened() {
  const viewers: Viewer[] = [];
  const server = createServer((_, response) => void viewers.push(new Viewer(response, {})));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'readable');
  const [viewer] = viewers;
  if (!viewer) throw new Error('the request came');
  return { viewer, socket };
}

it('drops a viewer that does not read', async () => {
  const { viewer, socket } = await opened();
  // Beyond what the two kernels take and what may wait: some MB.
  for (let i = 0; i < 20_000; i += 1) viewer.send(eventText('run', KILOBYTE, `${i}`));
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  expect(bytes).toBeLessThan(20_000 * 1_000);
});

it('keeps one that reads, however much it is', async () => {
  const { viewer, socket } = await opened();
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
  });
  for (let i = 0; i < 20_000; i += 1) {
    viewer.send(eventText('run', KILOBYTE, `${i}`));
    if (i % 100 === 0) await new Promise(setImmediate);
  }
  await expect.poll(() => bytes, { timeout: 10_000 }).toBeGreaterThan(20_000 * 1_000);
  expect(socket.destroyed).toBe(false);
});
