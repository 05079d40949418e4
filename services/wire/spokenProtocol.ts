/** Whoever speaks another protocol is told so before anything of a call is read. Who says nothing, as grpcurl and probes, is answered. */
import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { GanglionError } from '../errors/ganglionError.ts';
import { PROTOCOL_HEADER, PROTOCOL_VERSION } from './limits.ts';
import { toStatus } from './status.ts';

export const spokenProtocol: ServerInterceptor = (_method, call) =>
  new ServerInterceptingCall(call, {
    start: (next) =>
      next({
        onReceiveMetadata: (metadata, pass) => {
          const mismatch = mismatchOf(metadata);
          if (mismatch) call.sendStatus(toStatus(mismatch));
          else pass(metadata);
        },
      }),
  });

function mismatchOf(metadata: Metadata): GanglionError | undefined {
  const [spoken] = metadata.get(PROTOCOL_HEADER);
  if (spoken === undefined || spoken === String(PROTOCOL_VERSION)) return undefined;
  return new GanglionError({
    code: 'protocol-mismatch',
    message: `The caller speaks protocol version ${String(spoken).slice(0, 20)}; this coordinator speaks ${PROTOCOL_VERSION}.`,
    remedy: 'Use a program of the coordinator’s Ganglion version; `ganglion version` says which one this is.',
  });
}
