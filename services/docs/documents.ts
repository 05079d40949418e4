/** What each command prints with `-o json`: the JSON Schemas below `docs/schemas/`, and who prints which. */
import { z } from 'zod';
import { diagnosisSchema } from '../backend/doctor.ts';
import { verdictSchema } from '../checkpoint/verify.ts';
import { faultSchema } from '../cli/chaos.ts';
import {
  certificateSchema,
  checkedDataSchema,
  contextSchema,
  downloadSchema,
  installSchema,
  listensSchema,
  neighbourSchema,
  presetSchema,
  validConfigSchema,
  versionSchema,
} from '../cli/documents.ts';
import { simulationSchema } from '../cli/simulate.ts';
import { explanationSchema } from '../config/explain.ts';
import { runConfigJsonSchema } from '../config/schema.ts';
import { trainedClassifierSchema } from '../evaluate/classifier/trainAndJudge.ts';
import { evaluationSchema } from '../evaluate/evaluateRun.ts';
import { runEventSchema } from '../report/runEvent.ts';
import { artifactViewSchema, runViewSchema, workerViewSchema } from '../report/runView.ts';
import { momentSchema } from '../sampling/figure1Stages.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

interface Document {
  readonly schema: z.ZodType | Readonly<Record<string, unknown>>;
  /** In full, without `ganglion`; with the flag that makes the difference where there is one. */
  readonly commands: readonly string[];
}

/** Where a stream has no end yet, each of its lines is one document. */
export const DOCUMENTS: Readonly<Record<string, Document>> = {
  run: {
    schema: runViewSchema,
    commands: [
      ...['launch', 'quickstart', 'runs get', 'runs list --watch', 'runs pause', 'runs resume', 'runs cancel'],
      'runs wait',
    ],
  },
  runs: { schema: z.array(runViewSchema), commands: ['runs list'] },
  'run-event': { schema: runEventSchema, commands: ['runs watch'] },
  'run-config': { schema: runConfigJsonSchema(), commands: ['launch --dry-run', 'config init'] },
  worker: { schema: workerViewSchema, commands: ['workers drain', 'workers list --watch'] },
  workers: { schema: z.array(workerViewSchema), commands: ['workers list'] },
  files: {
    schema: z.array(artifactViewSchema),
    commands: ['runs fetch', 'sample', 'interpolate', 'report', 'trace', 'export'],
  },
  checkpoints: { schema: z.array(verdictSchema), commands: ['checkpoints list', 'checkpoints verify'] },
  neighbours: { schema: z.array(neighbourSchema), commands: ['neighbours'] },
  figure1: { schema: z.array(momentSchema), commands: ['figure1'] },
  evaluation: { schema: evaluationSchema, commands: ['evaluate'] },
  classifier: { schema: trainedClassifierSchema, commands: ['classifier train'] },
  explanations: { schema: z.array(explanationSchema), commands: ['config explain'] },
  'valid-config': { schema: validConfigSchema, commands: ['config validate'] },
  presets: { schema: z.array(presetSchema), commands: ['config presets'] },
  'json-schema': { schema: { $ref: DIALECT }, commands: ['config schema'] },
  context: { schema: contextSchema, commands: ['context add', 'context use', 'context remove'] },
  contexts: { schema: z.array(contextSchema), commands: ['context list'] },
  data: { schema: checkedDataSchema, commands: ['data check'] },
  download: { schema: downloadSchema, commands: ['data download'] },
  coordinator: { schema: listensSchema, commands: ['coordinator'] },
  certificates: { schema: z.array(certificateSchema), commands: ['tls init', 'tls issue'] },
  install: { schema: installSchema, commands: ['backend install'] },
  diagnosis: { schema: diagnosisSchema, commands: ['doctor'] },
  fault: { schema: faultSchema, commands: ['chaos'] },
  simulation: { schema: simulationSchema, commands: ['simulate'] },
  version: { schema: versionSchema, commands: ['version'] },
};

/** By the name of their file below `docs/`. */
export function schemaPages(): Record<string, () => string> {
  return Object.fromEntries(
    Object.entries(DOCUMENTS).map(([name, document]) => [`schemas/${name}.json`, () => schemaText(name, document)]),
  );
}

/** A link to each document of a command, for its section in `commands.md`. */
export function documentLinks(command: string): string {
  const links = Object.entries(DOCUMENTS).flatMap(([name, { commands }]) =>
    commands
      .filter((one) => one.replace(/ --.*/, '') === command)
      .map(
        (one) => `[${name}](schemas/${name}.json)${one === command ? '' : ` with \`${one.replace(/.* --/, '--')}\``}`,
      ),
  );
  return links.join(', ');
}

function schemaText(name: string, { schema, commands }: Document): string {
  const printers = commands.map((command) => `ganglion ${command}`).join(', ');
  const about = { title: `Ganglion: ${name}`, description: `What -o json prints of ${printers}.` };
  const json = schema instanceof z.ZodType ? z.toJSONSchema(schema, { override: withoutReadOnly }) : schema;
  return `${JSON.stringify({ $schema: DIALECT, ...about, ...json, ...about }, null, 2)}\n`;
}

/** In JSON Schema it says who may write a value; in TypeScript, that nobody changes it. */
function withoutReadOnly({ jsonSchema }: { jsonSchema: { readOnly?: boolean } }): void {
  delete jsonSchema.readOnly;
}
