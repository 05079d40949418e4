/** Finds the part of a zod schema that a path leads to, and says in words what that part allows. */
import { z } from 'zod';

/** The schema at a path. Where the way forks by `type` (or `dataset`), the value at that place chooses; undefined where it does not. */
export function schemaAt(
  schema: z.core.$ZodType,
  root: unknown,
  path: readonly PropertyKey[],
): z.core.$ZodType | undefined {
  let node: z.core.$ZodType | undefined = unwrap(schema);
  let value = root;
  for (const key of path) {
    const section: z.core.$ZodType | undefined = node && narrow(node, value);
    const inner: z.core.$ZodType | undefined =
      section instanceof z.ZodArray
        ? section.element
        : section instanceof z.ZodObject
          ? section.shape[String(key)]
          : undefined;
    node = inner && unwrap(inner);
    value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  return node && narrow(node, value);
}

/** Names of a section's fields. */
export function fieldNames(schema: z.core.$ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The values that the forking field of a section may have. */
export function typeNames(schema: z.core.$ZodType | undefined): string[] {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return [];
  return schema.options.flatMap((option) => typeOf(option, schema.def.discriminator)).filter((name) => name !== '');
}

/** `a whole number above 0 and at most 64`, `a list of 1 to 64 items`, `mnist`, … */
export function allowedBy(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return `a section with ${schema.def.discriminator}: ${typeNames(schema).join(' | ')}`;
  }
  if (schema instanceof z.ZodUnion) return schema.options.map(allowedBy).join(', or ');
  const json = z.toJSONSchema(schema, { io: 'input' });
  if (json.enum) return json.enum.join(', ');
  switch (json.type) {
    case 'integer':
    case 'number':
      return [json.type === 'integer' ? 'a whole number' : 'a number', bounds(json)].filter(Boolean).join(' ');
    case 'array':
      return json.minItems === json.maxItems
        ? `a list of ${json.minItems} items`
        : `a list of ${json.minItems} to ${json.maxItems} items`;
    case 'object':
      return `a section with ${fieldNames(schema).join(', ')}`;
    case 'boolean':
      return 'true or false';
    default:
      return 'a text';
  }
}

function bounds(json: z.core.JSONSchema.BaseSchema): string {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = json;
  // The ends of what a double counts exactly are no bounds that a person thinks of.
  const told = (bound: unknown) => typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  return [
    told(exclusiveMinimum) && `above ${exclusiveMinimum}`,
    told(minimum) && `of at least ${minimum}`,
    told(exclusiveMaximum) && `below ${exclusiveMaximum}`,
    told(maximum) && `at most ${maximum}`,
  ]
    .filter((bound) => bound !== false)
    .join(' and ');
}

export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const wrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wrapped ? unwrap(schema.unwrap()) : schema;
}

/** The branch of a union that the value's forking field chooses, or that a section fits; the union itself where there is none. */
function narrow(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) {
    const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!(schema instanceof z.ZodUnion) || !isSection) return schema;
    return schema.options.find((option) => option instanceof z.ZodObject) ?? schema;
  }
  if (typeof value !== 'object' || value === null) return schema;
  const { discriminator } = schema.def;
  const type = (value as Record<string, unknown>)[discriminator];
  return schema.options.find((option) => typeOf(option, discriminator).includes(String(type ?? ''))) ?? schema;
}

/** The values of the forking field that mean this option; '' where it may be left out. */
export function typeOf(option: z.core.$ZodType, discriminator: string): string[] {
  const field = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
  const literal = field && unwrap(field);
  if (!(literal instanceof z.ZodLiteral)) return [];
  return [...literal.values].map(String).concat(field === literal ? [] : ['']);
}
