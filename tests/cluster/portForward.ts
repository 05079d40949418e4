/** A port of this machine that leads to a service's pod, and to its successor when that is gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const REDIAL_MS = 500;
/** A test that is interrupted, or killed, leaves no kubectl behind. */
const WHILE_PARENT_LIVES = join(import.meta.dirname, 'whileParentLives.sh');

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
    this.#args = ['kubectl', '--namespace', 'ganglion', 'port-forward', target, `${port}:${remotePort}`];
  }

  /** Leads to the pod of now: kubectl notices that its pod was replaced only when somebody dials. */
  renew(): void {
    this.#child?.stdin?.end();
  }

  close(): void {
    this.#closed = true;
    this.renew();
  }

  /** Until it is closed. A pod that is not there yet is asked for again and again; whoever dials meanwhile is refused. */
  async #keep(): Promise<void> {
    while (!this.#closed) {
      const child = spawn(WHILE_PARENT_LIVES, this.#args, { stdio: ['pipe', 'ignore', 'ignore'] });
      this.#child = child;
      await once(child, 'exit');
      child.stdin.end();
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
