/** A cable between two sockets that can be cut, as a killed process or a pulled plug does. */
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Cable {
  /** HOST:PORT of the near end. */
  readonly address: string;
  cut(): void;
  /** Lays it again, at the same address. */
  mend(): Promise<void>;
}

/** Lays a cable to a port of this machine. What comes on the first `swallowed` connections goes nowhere, and nothing comes back. */
export async function cableTo(port: number, { swallowed = 0 } = {}): Promise<Cable> {
  let count = 0;
  const ends = new Set<Socket>();
  const keep = (socket: Socket) => {
    ends.add(socket.on('error', () => undefined).on('close', () => ends.delete(socket)));
    return socket;
  };
  const server = createServer((near) => {
    count += 1;
    if (count <= swallowed) return void keep(near).resume();
    const far = keep(connect(port, '127.0.0.1'));
    keep(near).pipe(far).pipe(near);
  });
  const lay = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  await lay(0);
  const address = server.address();
  const at = typeof address === 'object' && address ? address.port : 0;
  const cut = () => {
    server.close();
    for (const socket of ends) socket.resetAndDestroy();
  };
  onTestFinished(cut);
  return { address: `127.0.0.1:${at}`, cut, mend: () => lay(at) };
}
