/**
 * grpc-js 1.14 answers a call of an unknown path even where its stream has ended meanwhile, and Node throws where nobody
 * catches: behind TLS a few frames of anybody, before they are asked who they are, ended the process
 * (`tests/integration/fuzz.test.ts` found it, and does so without this file).
 */
import type { ServerHttp2Stream } from 'node:http2';
import type { Server } from '@grpc/grpc-js';
import { invariant } from '../errors/invariant.ts';

type Answer = (error: unknown, stream: ServerHttp2Stream, ...rest: unknown[]) => void;
type Verify = (stream: ServerHttp2Stream, headers: unknown) => boolean;

/** From now on what is gone is not answered. */
export function answerNoGoneStream(server: Server): void {
  const inner = server as unknown as { _respondWithError: Answer; _verifyContentType: Verify };
  const { _respondWithError: answer, _verifyContentType: verify } = inner;
  const known = typeof answer === 'function' && typeof verify === 'function';
  invariant(known, 'grpc-js answers by these two: look whether it is mended there');
  inner._respondWithError = (error, stream, ...rest) => {
    if (!stream.destroyed) answer.call(server, error, stream, ...rest);
  };
  // It answers a wrong content type by itself, and goes no further where it is false.
  inner._verifyContentType = (stream, headers) => !stream.destroyed && verify.call(server, stream, headers);
}
