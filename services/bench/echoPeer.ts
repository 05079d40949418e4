/**
 * The other process of the echo bench. Arguments: path of the Unix socket that it listens on, `echo` or `swallow`, bytes
 * after which a swallower says so with one byte. Sends its parent a message when it listens, and ends with it.
 */
import { createServer } from 'node:net';
import { must } from '../errors/invariant.ts';
import type { EchoMode } from './echoBench.ts';

const [path, mode, bytes] = process.argv.slice(2) as [string, EchoMode, string];

createServer((socket) => {
  if (mode === 'echo') {
    socket.pipe(socket);
    return;
  }
  let missing = Number(bytes);
  socket.on('data', ({ length }) => {
    missing -= length;
    if (missing > 0) return;
    missing = Number(bytes);
    socket.write(new Uint8Array(1));
  });
}).listen(must(path, 'path'), () => process.send?.('listens'));

process.once('disconnect', () => process.exit());
