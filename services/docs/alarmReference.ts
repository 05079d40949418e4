/** The page of every alarm: what it judges and when, out of the schema; what people do, out of the rule that raises it. */
import { runConfigJsonSchema } from '../config/schema.ts';
import { RULES } from '../illness/watch.ts';
import { fieldTable, type Schema } from './configReference.ts';

const HEAD = `# Alarms, and what to do

A run that goes wrong says so: in \`runs watch\`, \`runs get\` and the log, on NATS (\`ganglion.v1.runs.<runId>.alarm\`) and as \`ganglion_alarm{run,alarm}\` in Prometheus. An alarm ends nothing and changes no bit; it is
raised once, and cleared when it is over. Thresholds are in the run config, \`alarms.<name>\`; \`off\` takes one away. Made by \`npm run generate\`; do not edit.
`;

export function alarmReference(): string {
  const { properties } = runConfigJsonSchema() as Schema;
  const fields = properties?.alarms?.anyOf?.find((option) => option.properties !== undefined)?.properties ?? {};
  const sections = RULES.map(({ name, advice }) => {
    const field = fields[name];
    const limits = field?.anyOf?.find((option) => option.properties !== undefined);
    return [
      `## ${name}`,
      '',
      field?.description ?? '',
      '',
      `What people usually do: ${advice}`,
      '',
      ...fieldTable(limits ?? {}),
      '',
    ].join('\n');
  });
  return [HEAD, ...sections].join('\n');
}
