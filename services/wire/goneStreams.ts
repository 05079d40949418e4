/**
 * grpc-js 1.14 answers a call of an unknown path even on a stream that its caller has reset meanwhile, and Node throws where
 * nobody catches: one HEADERS and one RST_STREAM of anybody ended the process (found by `tests/integration/fuzz.test.ts`).
 */
import type { ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';
import { invariant } from '../errors/invariant.ts';

type Answer = (error: unknown, stream: ServerHttp2Stream, ...rest: unknown[]) => void;

/** From now on what is gone is not answered. */
export function answerNoGoneStream(server: Server): void {
  const inner = server as unknown as { _respondWithError: Answer };
  const answer = inner._respondWithError;
  invariant(typeof answer === 'function', 'grpc-js answers by _respondWithError: look whether it is mended there');
  inner._respondWithError = (error, stream, ...rest) => {
    if (!stream.destroyed) answer.call(server, error, stream, ...rest);
  };
}
