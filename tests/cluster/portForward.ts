/** A port of this machine that leads to a service's pod, and to its successor when that is gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const REDIAL_MS = 500;

export class PortForward {
  readonly address: string;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  #closed = false;

  static async open(target: string, remotePort: number): Promise<PortForward> {
    const forward = new PortForward(target, await freePort(), remotePort);
    forward.#keep();
    return forward;
  }

  private constructor(target: string, port: number, remotePort: number) {
    this.address = `127.0.0.1:${port}`;
    this.#args = ['--namespace', 'ganglion', 'port-forward', target, `${port}:${remotePort}`];
  }

  /** Leads to the pod of now: kubectl notices that its pod was replaced only when somebody dials. */
  renew(): void {
    this.#child?.kill();
  }

  close(): void {
    this.#closed = true;
    this.#child?.kill();
  }

  /** Until it is closed. A pod that is not there yet is asked for again and again; whoever dials meanwhile is refused. */
  async #keep(): Promise<void> {
    while (!this.#closed) {
      this.#child = spawn('kubectl', this.#args, { stdio: 'ignore' });
      await once(this.#child, 'exit');
      await sleep(REDIAL_MS);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
