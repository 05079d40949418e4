/** Our errors on the wire: the gRPC status that fits, the sentence as its message, code and remedy as metadata. */
import { Metadata, type ServiceError, type StatusObject, status } from '@grpc/grpc-js';
import type { ErrorCode } from '../errors/errorCodes.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { unreachable } from './unreachable.ts';

const STATUS_OF_CODE: Record<ErrorCode, status> = {
  'invalid-config': status.INVALID_ARGUMENT,
  'invalid-argument': status.INVALID_ARGUMENT,
  'not-found': status.NOT_FOUND,
  'already-exists': status.ALREADY_EXISTS,
  'wrong-state': status.FAILED_PRECONDITION,
  unreachable: status.UNAVAILABLE,
  'protocol-mismatch': status.FAILED_PRECONDITION,
  refused: status.PERMISSION_DENIED,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  'port-in-use': status.INTERNAL,
  disk: status.RESOURCE_EXHAUSTED,
  corrupt: status.DATA_LOSS,
  dataset: status.FAILED_PRECONDITION,
  backend: status.FAILED_PRECONDITION,
  'run-failed': status.ABORTED,
  aborted: status.ABORTED,
};

export function toStatus(error: unknown): Pick<StatusObject, 'code' | 'details' | 'metadata'> {
  const metadata = new Metadata();
  if (error instanceof GanglionError) {
    metadata.set('ganglion-code', error.code);
    // gRPC metadata is ASCII; the remedy is a sentence of any language.
    metadata.set('ganglion-remedy-bin', Buffer.from(error.remedy));
    return { code: STATUS_OF_CODE[error.code], details: bounded(error.message), metadata };
  }
  const details = bounded(error instanceof Error ? error.message : String(error));
  return { code: status.INTERNAL, details, metadata };
}

/** A status travels as a header: one above 16 KiB never arrives, and a character outside of ASCII takes nine bytes there. */
const DETAILS_MAX = 1_500;

function bounded(text: string): string {
  return text.length <= DETAILS_MAX ? text : `${text.slice(0, DETAILS_MAX)}…`;
}

/** The error a caller sees: ours where the other side sent ours, else one that says what the transport met. */
export function fromServiceError(error: ServiceError, address: string): GanglionError {
  const code = error.metadata?.get('ganglion-code')[0];
  const remedy = error.metadata?.get('ganglion-remedy-bin')[0];
  if (typeof code === 'string' && isErrorCode(code)) {
    return new GanglionError({ code, message: error.details, remedy: remedy ? remedy.toString() : '', cause: error });
  }
  if (error.code === status.UNAVAILABLE && isDistrusted(error.details)) {
    return new GanglionError({
      code: 'unauthenticated',
      message: `What answers at ${address} does not show a certificate that is trusted here (${error.details}).`,
      remedy: 'Look whether --tls-dir has the ca.crt of this coordinator’s cluster, and its certificate this address.',
      cause: error,
    });
  }
  if (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED) {
    return unreachable(address, error.details, error);
  }
  if (error.code === status.UNIMPLEMENTED) {
    return new GanglionError({
      code: 'protocol-mismatch',
      message: `The server at ${address} does not know this call (${error.details}).`,
      remedy: 'Check that it is a Ganglion coordinator of the same version as this program.',
      cause: error,
    });
  }
  if (error.code === status.CANCELLED) {
    return new GanglionError({
      code: 'aborted',
      message: 'The call was cancelled.',
      remedy: 'Try again.',
      cause: error,
    });
  }
  return new GanglionError({
    code: 'refused',
    message: `The coordinator at ${address} answered: ${error.details}.`,
    remedy: 'Look into the coordinator’s log.',
    cause: error,
  });
}

/** What OpenSSL and Node say of a server whose certificate does not hold. grpc-js gives no code, only the text. */
function isDistrusted(details: string): boolean {
  return /certificate|altnames|self.signed/i.test(details);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(STATUS_OF_CODE, code);
}
