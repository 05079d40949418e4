/** A TCP proxy between workers and their coordinator, which drops connections and delays bytes. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export class FaultyProxy {
  /** How late bytes come, in both directions. */
  delayMs = 0;
  readonly #sockets = new Set<Socket>();
  #address = '';
  #close: () => void = () => undefined;

  static async start(target: () => string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy();
    const server = createServer((inner) => proxy.#relay(inner, target()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy.#address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    proxy.#close = () => server.close();
    return proxy;
  }

  get address(): string {
    return this.#address;
  }

  /** Ends every connection with a reset. Returns how many there were. */
  drop(): number {
    const count = this.#sockets.size / 2;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    return count;
  }

  close(): void {
    this.#close();
    this.drop();
  }

  #relay(inner: Socket, target: string): void {
    const [host, port] = target.split(':');
    const outer = connect(Number(port), host);
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => {
        // Equal delays keep the order.
        if (this.delayMs > 0) setTimeout(() => to.writable && to.write(bytes), this.delayMs);
        else if (!to.write(bytes)) {
          from.pause();
          to.once('drain', () => from.resume());
        }
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
