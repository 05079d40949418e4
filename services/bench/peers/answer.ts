/** What a peer process writes on stdout, a line of JSON each: first what it is, then the times that it was asked for. */
import { z } from 'zod';
import { PeerFailure } from './peerFailure.ts';

const answerSchema = z.union([
  z.strictObject({ version: z.string() }),
  z.strictObject({ ms: z.array(z.number().positive()) }),
  z.strictObject({ error: z.string() }),
]);

/** `error` is one line, and ends the process. */
export type Answer = z.output<typeof answerSchema>;

/** Throws `PeerFailure` where the line is no answer. */
export function parseAnswer(line: string): Answer {
  try {
    return answerSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new PeerFailure(`it wrote what is no answer: '${line}'`, { cause });
  }
}
