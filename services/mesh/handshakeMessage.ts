/**
 * What two workers say to each other before the first frame: JSON messages behind "GNGH" and their length in two bytes
 * (little-endian). The dialler proves that it knows the generation's key, and so does the listener; the key stays home.
 *
 * ```
 * dialler → hello (who, for what, nonce)      listener → challenge (nonce, proof)
 * dialler → proof                             listener → welcome, or state (what follows), or refused
 * ```
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { GanglionError } from '../errors/ganglionError.ts';
import { HANDSHAKE_BYTES_MAX, ID_CHARACTERS_MAX, NONCE_BYTES, REFUSAL_CHARACTERS_MAX } from './limits.ts';

const id = z.string().min(1).max(ID_CHARACTERS_MAX);
const natural = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const hex = z.string().regex(new RegExp(`^[0-9a-f]{${2 * NONCE_BYTES}}$`));

const helloFields = {
  type: z.literal('hello'),
  version: natural,
  runId: id,
  generation: natural,
  nonce: hex,
  /** How long the dialler waits for the end of the handshake. */
  waitMs: natural,
};

const hello = z.discriminatedUnion('purpose', [
  z.strictObject({ ...helloFields, purpose: z.literal('gradient'), workerId: id, rank: natural, to: id }),
  z.strictObject({ ...helloFields, purpose: z.literal('state'), phase: natural, offset: natural }),
]);

const message = z.union([
  hello,
  z.strictObject({ type: z.literal('challenge'), nonce: hex, proof: hex }),
  z.strictObject({ type: z.literal('proof'), proof: hex }),
  z.strictObject({ type: z.literal('welcome') }),
  z.strictObject({ type: z.literal('state'), byteCount: natural, sha256: hex }),
  z.strictObject({ type: z.literal('refused'), message: z.string().max(REFUSAL_CHARACTERS_MAX) }),
]);

export type Hello = z.infer<typeof hello>;
export type HandshakeMessage = z.infer<typeof message>;

const MAGIC = Buffer.from('GNGH');
const PREFIX_BYTES = 6;

export function encodeMessage(said: HandshakeMessage): Uint8Array {
  const body = Buffer.from(JSON.stringify(said));
  const bytes = Buffer.alloc(PREFIX_BYTES + body.length);
  MAGIC.copy(bytes);
  bytes.writeUInt16LE(body.length, 4);
  body.copy(bytes, PREFIX_BYTES);
  return bytes;
}

/** Throws `refused` for what is no handshake message: it may be anybody who dialled this port. */
export async function readMessage(source: { exactly(byteCount: number): Promise<Uint8Array> }) {
  const prefix = Buffer.from(await source.exactly(PREFIX_BYTES));
  const byteCount = prefix.readUInt16LE(4);
  if (!prefix.subarray(0, 4).equals(MAGIC)) throw notOurs('it does not begin as a worker does');
  if (byteCount < 2 || byteCount > HANDSHAKE_BYTES_MAX) throw notOurs(`a message of ${byteCount} bytes`);
  const parsed = message.safeParse(parseJson(Buffer.from(await source.exactly(byteCount)).toString()));
  if (!parsed.success) throw notOurs('a message that no worker sends');
  return parsed.data;
}

export function nonce(): string {
  return randomBytes(NONCE_BYTES).toString('hex');
}

/** HMAC-SHA256 over the side that proves it, who dials for what, and both nonces. */
export function proofOf(side: 'dialler' | 'listener', key: string, said: Hello, challenge: string): string {
  const { purpose, runId, generation } = said;
  const asked = purpose === 'gradient' ? [said.workerId, said.rank, said.to] : [said.phase, said.offset];
  const proven = [side, purpose, runId, generation, ...asked, said.nonce, challenge];
  return createHmac('sha256', key).update(JSON.stringify(proven)).digest('hex');
}

export function isProof(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema says what was wrong with it.
    return undefined;
  }
}

function notOurs(why: string): GanglionError {
  return new GanglionError({
    code: 'refused',
    message: `What came is not a worker’s handshake: ${why}.`,
    remedy: 'Check that nothing but workers of this version dials the workers’ ports.',
  });
}
