/** The subjects and messages on NATS as an AsyncAPI 3 document, made from the schema that the code itself checks with. */
import { z } from 'zod';
import { packageVersion } from '../config/packageRoot.ts';
import { runEventSchema } from '../report/runEvent.ts';
import { RUN_TOKEN } from './subjects.ts';

const MEANINGS: Readonly<Record<string, string>> = {
  state: 'A run entered a state, or the sentence that explains its state is another.',
  phase: 'A report of one or more phases: losses, V(D,G), D’s outputs, gradient norms, timings.',
  snapshot: 'A picture of samples is in the run folder.',
  membership: 'The workers of a run changed.',
  alarm: 'An alarm of a sick run is raised, or is over.',
  evaluation: 'A checkpoint was measured.',
};

export function asyncApi(): Record<string, unknown> {
  const forms = runEventSchema.options.map((form) => [form.shape.kind.value, form] as const);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Ganglion’s progress on NATS',
      version: packageVersion(),
      description:
        'JSON, a message an event. One may come twice, with the same Nats-Msg-Id then. All kinds but phase always come; a gap ' +
        'in the sequence means phase events that were dropped during an outage, and are in the run folder.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(forms.map(([kind]) => [kind, channel(kind)])),
    operations: Object.fromEntries(
      forms.map(([kind]) => [`tell${kind[0]?.toUpperCase()}${kind.slice(1)}`, operation(kind)]),
    ),
    components: {
      messages: Object.fromEntries(forms.map(([kind, form]) => [kind, message(kind, payloadOf(form))])),
    },
  };
}

export function asyncApiText(): string {
  return `${JSON.stringify(asyncApi(), null, 2)}\n`;
}

function channel(kind: string) {
  return {
    address: `ganglion.v1.runs.{runId}.${kind}`,
    description: MEANINGS[kind],
    parameters: { runId: { description: `The run: ${RUN_TOKEN}.` } },
    messages: { [kind]: { $ref: `#/components/messages/${kind}` } },
  };
}

function operation(kind: string) {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${kind}` },
    messages: [{ $ref: `#/channels/${kind}/messages/${kind}` }],
  };
}

/** AsyncAPI's own schemas are those of JSON Schema's draft 7. */
function payloadOf(form: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(form, { target: 'draft-7' });
  return schema;
}

function message(kind: string, payload: object) {
  const id = { type: 'string', description: '<runId>:<sequence>. JetStream knows a repeat by it.' };
  return {
    name: kind,
    summary: MEANINGS[kind],
    headers: { type: 'object', properties: { 'Nats-Msg-Id': id }, required: ['Nats-Msg-Id'] },
    payload,
  };
}
