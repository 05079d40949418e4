/**
 * grpc-js 1.14 answers a call of an unknown path even where its stream has ended meanwhile, and Node throws where nobody
 * catches: behind TLS a few frames of anybody, before they are asked who they are, ended the process
 * (`tests/integration/fuzz.test.ts` found it, and does so without this file).
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
