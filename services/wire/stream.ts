/** Backpressure on a gRPC stream: grpc-js buffers without a bound unless its writer waits for `drain`. */
import type { Writable } from 'node:stream';

interface Sink<Message> extends Pick<Writable, 'once' | 'off' | 'destroyed'> {
  write(message: Message): boolean;
}

/** Writes, then waits until the stream wants more. Rejects when it ends before that, or has ended. */
export async function send<Message>(sink: Sink<Message>, message: Message): Promise<void> {
  if (sink.destroyed) throw new Error('the stream is closed');
  if (sink.write(message)) return;
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => {
      sink.off('drain', onDrain);
      sink.off('close', onClose);
      sink.off('error', settle);
      if (error) reject(error);
      else resolve();
    };
    const onDrain = () => settle();
    const onClose = () => settle(new Error('the stream closed while it was written'));
    sink.once('drain', onDrain);
    sink.once('close', onClose);
    sink.once('error', settle);
  });
}
