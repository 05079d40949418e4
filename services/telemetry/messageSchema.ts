/** The documented form of the messages on NATS, made from the schema that the code itself checks with. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runEventSchema } from '../report/runEvent.ts';

export const MESSAGE_SCHEMA_FILE = 'nats-messages.schema.json';

/** JSON Schema (draft 2020-12) of every message. */
export function messageSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(runEventSchema),
    title: 'Ganglion run event',
    description:
      'The payload of every message on ganglion.v1.runs.<runId>.{state,phase,snapshot,membership,alarm,evaluation}; the last token is its ' +
      'kind. The header Nats-Msg-Id is <runId>:<sequence>: a message may come twice, and has the same id then.',
  };
}

export function messageSchemaText(): string {
  return `${JSON.stringify(messageSchema(), null, 2)}\n`;
}

/** Writes MESSAGE_SCHEMA_FILE, which is committed in deploy/local, to a folder. */
export async function writeMessageSchema(folder: string): Promise<void> {
  await writeFile(join(folder, MESSAGE_SCHEMA_FILE), messageSchemaText());
}
