/** A NATS that does what a test says: it keeps what was flushed, and can be away, refuse a flush, or never answer one. */
import type { ClosablePort } from '../../services/telemetry/natsPort.ts';

export interface FakeMessage {
  readonly subject: string;
  readonly id: string;
  readonly payload: string;
}

export class FakeNats implements ClosablePort {
  readonly received: FakeMessage[] = [];
  payloadBytesMax = Number.POSITIVE_INFINITY;
  flushes: 'answered' | 'refused' | 'unanswered' = 'answered';
  flushCount = 0;
  #published: FakeMessage[] = [];
  #connected = false;
  #onConnected: () => void = () => undefined;
  #cut: (error: Error) => void = () => undefined;

  /** As `openPort` of an outbox. */
  readonly open = (onConnected: () => void): FakeNats => {
    this.#onConnected = onConnected;
    return this;
  };

  connect(): void {
    this.#connected = true;
    this.#onConnected();
  }

  disconnect(): void {
    this.#connected = false;
    this.#published = [];
    this.#cut(new Error('DISCONNECT'));
  }

  publish(subject: string, id: string, payload: string): boolean {
    if (!this.#connected) throw new Error('NATS is not connected');
    if (payload.length > this.payloadBytesMax) return false;
    this.#published.push({ subject, id, payload });
    return true;
  }

  async flush(): Promise<void> {
    this.flushCount += 1;
    if (this.flushes === 'unanswered') {
      await new Promise((_, reject) => {
        this.#cut = reject;
      });
    }
    if (this.flushes === 'refused' || !this.#connected) throw new Error('not confirmed');
    this.received.push(...this.#published.splice(0));
  }

  status(): 'connected' | 'disconnected' {
    return this.#connected ? 'connected' : 'disconnected';
  }

  async close(): Promise<void> {
    this.disconnect();
  }

  sequences(): number[] {
    return this.received.map(({ payload }) => JSON.parse(payload).sequence);
  }
}
