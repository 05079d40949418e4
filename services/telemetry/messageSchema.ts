/** The documented form of the messages on NATS, made from the schema that the code itself checks with. */
import { z } from 'zod';
import { runEventSchema } from '../report/runEvent.ts';

/** JSON Schema (draft 2020-12) of every message. */
function messageSchema(): Record<string, unknown> {
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
