/** Dials a peer's listener and goes through the handshake, as the side that proves itself last and receives. */
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import type { TlsFolder } from '../security/tlsFolder.ts';
import { describeRoad, type Road } from './address.ts';
import { encodeMessage, type HandshakeMessage, type Hello, isProof, proofOf, readMessage } from './handshakeMessage.ts';
import { type Inlet, PlainInlet } from './inlet.ts';
import { frameKey } from './seal.ts';
import { SecureInlet } from './secureInlet.ts';

export interface Dialled {
  readonly inlet: Inlet;
  /** Of this connection's frames. */
  readonly frameKey: Uint8Array;
  /** `welcome`, or `state`. */
  readonly answer: HandshakeMessage;
}

/**
 * Throws `refused` where the other side does not want this worker, or does not know the key; what the socket says
 * where it ends; the signal's reason where that aborts.
 */
export async function dial(
  road: Road,
  hello: Hello,
  key: string,
  signal: AbortSignal,
  tls?: TlsFolder,
): Promise<Dialled> {
  signal.throwIfAborted();
  // A Unix socket leaves no machine, and its folder is this user's alone: certificates would prove nothing there.
  const inlet = tls && road.kind === 'tcp' ? new SecureInlet(road, tls) : new PlainInlet(road);
  const { socket } = inlet;
  let giveUp: (why: unknown) => void = () => undefined;
  const given = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const aborted = () => giveUp(signal.reason);
  signal.addEventListener('abort', aborted);
  socket.on('error', giveUp);
  socket.once('end', () => giveUp(new Error('it hung up')));
  socket.once('close', () => giveUp(new Error('it hung up')));
  try {
    return { inlet, ...(await Promise.race([shakeHands(inlet, hello, key), given])) };
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', aborted);
  }
}

async function shakeHands(inlet: Inlet, hello: Hello, key: string): Promise<Omit<Dialled, 'inlet'>> {
  inlet.socket.write(encodeMessage(hello));
  const challenge = notRefused(await readMessage(inlet));
  if (challenge.type !== 'challenge' || !isProof(challenge.proof, proofOf('listener', key, hello, challenge.nonce))) {
    throw refused(`it does not know the key of generation ${hello.generation}`);
  }
  inlet.socket.write(encodeMessage({ type: 'proof', proof: proofOf('dialler', key, hello, challenge.nonce) }));
  const answer = notRefused(await readMessage(inlet));
  return { answer, frameKey: frameKey(key, hello, challenge.nonce) };
}

function notRefused(said: HandshakeMessage): HandshakeMessage {
  if (said.type === 'refused') throw refused(said.message);
  return said;
}

function refused(why: string): GanglionError {
  return new GanglionError({
    code: 'refused',
    message: why,
    remedy: 'A worker joins the next generation by itself.',
  });
}

/** `who` as in "worker two". */
export function unreachable(who: string, road: Road, cause: unknown): GanglionError {
  const why = cause instanceof GanglionError ? cause.message : describeError(cause);
  return new GanglionError({
    code: 'unreachable',
    message: `The connection to ${who} over ${describeRoad(road)} failed: ${why.replace(/\.$/, '')}.`,
    remedy: 'Let the workers reach each other (address, firewall, network policy), or use `collective.road: star`.',
    cause,
  });
}
