/** Holds what a command printed to the JSON Schema of `docs/schemas/` that its section of `docs/commands.md` links. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { DOCUMENTS } from '../../services/docs/documents.ts';
import { must } from '../../services/errors/invariant.ts';

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });

/** @param command a command line without `ganglion`, its name in full. Gives the document's name. */
export function expectDocument(command: string, value: unknown): string {
  const name = documentOf(command);
  const file = join(packageRoot(), 'docs', 'schemas', `${name}.json`);
  const validate = ajv.getSchema(name) ?? ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')), name).getSchema(name);
  const isValid = must(validate, name)(value);
  expect(isValid, `${command}, ${name}: ${ajv.errorsText(validate?.errors)}`).toBe(true);
  return name;
}

/** What a flag makes of it comes before what the command prints without. */
function documentOf(command: string): string {
  const words = command.split(' ');
  const printers = Object.entries(DOCUMENTS).flatMap(([name, { commands }]) => commands.map((one) => ({ name, one })));
  const fitting = printers.filter(({ one }) => {
    const [, path = '', flag] = /^(.*?)(?: (--.*))?$/.exec(one) ?? [];
    return `${command} `.startsWith(`${path} `) && (flag === undefined || words.includes(flag));
  });
  const [best] = fitting.toSorted((a, b) => b.one.length - a.one.length);
  return must(best, `a document of ${command}`).name;
}
