/** The page of every field of a run config, out of the JSON Schema of what validates it. */
import { runConfigJsonSchema } from '../config/schema.ts';
import { table } from './markdown.ts';

/** The part of JSON Schema that zod writes. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

const HEAD = `# Run config

Every field of a run config, in YAML. Made by \`npm run generate\` out of the schema that validates it; do not edit. \`ganglion config schema\` prints the same as JSON Schema for editors,
\`ganglion launch -f run.yaml --dry-run\` the config with all defaults filled in. A field that is not here is refused, with the nearest one that is.
`;

export function configReference(): string {
  const schema = runConfigJsonSchema() as Schema;
  return [HEAD, ...sections('', schema, new Set())].join('\n');
}

/** A section's own fields as a table, then the sections below it. @param told definitions that stand on the page already. */
function sections(path: string, schema: Schema, told: Set<string>): string[] {
  const forks = branches(schema);
  if (forks.length > 0) return forks.flatMap(([name, branch]) => sections(`${path}, ${name}`, branch, told));
  const fields = Object.entries(schema.properties ?? {});
  const heading = path === '' ? [] : [`## ${path}`, ''];
  const lines = [
    ...heading,
    ...(schema.description === undefined ? [] : [schema.description, '']),
    ...fieldTable(schema),
    '',
  ];
  return [...lines, ...fields.flatMap(([name, field]) => below(path === '' ? name : `${path}.${name}`, field, told))];
}

/** A section's own fields, a row each. */
export function fieldTable({ properties = {}, required = [] }: Schema): string[] {
  const rows = Object.entries(properties).map(([name, field]) => [
    `\`${name}\``,
    allowed(field),
    fallback(field, required.includes(name)),
    field.description ?? '',
  ]);
  return table(['field', 'allowed', 'default', 'meaning'], rows);
}

/** What a field that is a section, or a list of sections, has below it; a layer or an optimizer is told once. */
function below(path: string, field: Schema, told: Set<string>): string[] {
  const inner = field.items ?? field;
  const options = branches(inner);
  if (options.length === 0 && inner.properties === undefined) {
    return (inner.anyOf ?? [])
      .filter(({ properties }) => properties !== undefined)
      .flatMap((option) => below(path, option, told));
  }
  const text = JSON.stringify({ ...inner, description: '', default: '' });
  if (told.has(text)) return [];
  told.add(text);
  return sections(field.items === undefined ? path : `${path}[]`, inner, told);
}

/** A union's options by the value of the field that chooses: `type`, `dataset`, … */
function branches({ oneOf = [] }: Schema): [string, Schema][] {
  return oneOf.flatMap((option) => {
    const [name, field] = Object.entries(option.properties ?? {})[0] ?? [];
    return name === undefined || field?.const === undefined ? [] : [[`${name}: ${String(field.const)}`, option]];
  });
}

/** `a whole number above 0 and at most 64`, `one of a, b`, `a section, below`, … */
function allowed(field: Schema): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${value}\``).join(', ');
  if (field.const !== undefined) return `\`${field.const}\``;
  if (branches(field).length > 0)
    return `a section: ${branches(field)
      .map(([name]) => `\`${name}\``)
      .join(', ')}`;
  if (field.anyOf !== undefined || field.oneOf !== undefined) {
    return [...new Set([...(field.anyOf ?? []), ...(field.oneOf ?? [])].map(allowed))].join('; or ');
  }
  switch (field.type) {
    case 'integer':
    case 'number':
      return [field.type === 'integer' ? 'a whole number' : 'a number', ...bounds(field)].join(' ');
    case 'array':
      return `a list${field.maxItems === undefined ? '' : ` of ${field.minItems ?? 0} to ${field.maxItems}`}${field.items === undefined ? '' : `: ${allowed(field.items)}`}`;
    case 'boolean':
      return '`true`, `false`';
    case 'object':
      return field.properties?.type?.const === undefined
        ? 'a section, below'
        : `a section with \`type: ${field.properties.type.const}\``;
    default:
      return field.pattern === undefined ? 'a text' : `a text like \`${field.pattern}\``;
  }
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string[] {
  // The ends of what a double counts exactly are no bounds that a person thinks of.
  const told = (word: string, bound: number | undefined) =>
    bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? [] : [`${word} ${bound}`];
  const all = [
    ...told('above', exclusiveMinimum),
    ...told('from', minimum),
    ...told('below', exclusiveMaximum),
    ...told('to', maximum),
  ];
  return [all.join(', ')].filter((text) => text !== '');
}

function fallback(field: Schema, isRequired: boolean): string {
  if (field.default === undefined) return isRequired ? 'needed' : '';
  if (typeof field.default === 'object' && field.default !== null) {
    return Object.keys(field.default).length === 0 ? '' : `\`${JSON.stringify(field.default)}\``;
  }
  return `\`${String(field.default)}\``;
}
