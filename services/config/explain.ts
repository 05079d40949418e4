/** What the schema says of a field: what it may be, what it is where it is left out, what it means. */
import { z } from 'zod';
import { GanglionError } from '../errors/ganglionError.ts';
import { nearestName } from './nearest.ts';
import { runConfigSchema } from './runConfig.ts';
import { allowedBy, typeOf, unwrap } from './schemaWalk.ts';

const texts = z.array(z.string()).readonly();

export const explanationSchema = z
  .strictObject({
    where: texts.describe('`type: adam` where only sections of that type have the field; empty where all do.'),
    allowed: z.string().describe('In words.'),
    default: z.string().optional().describe('As YAML would have it; not there where there is none.'),
    meaning: z.string(),
    fields: texts.describe('Of a section.'),
  })
  .readonly();
export type Explanation = z.output<typeof explanationSchema>;

interface Place {
  readonly schema: z.core.$ZodType;
  readonly where: string;
}

/**
 * @param path `optimizer.generator.beta1`; the number of an item may be left out, and the type of a section be named
 * (`generator.layers.conv.filters`). One explanation for each way in which it may be meant. Throws `invalid-argument`.
 */
export function explainField(path: string): Explanation[] {
  let places: readonly Place[] = [{ schema: runConfigSchema, where: '' }];
  let walked = '';
  for (const name of path.split(/[.[\]]+/).filter((part) => part !== '')) {
    const next = places.flatMap((place) => inside(place, name));
    if (next.length === 0) throw unknownField(walked, name, places);
    places = next;
    walked = walked === '' ? name : `${walked}.${name}`;
  }
  return merged(places.map(explanationOf));
}

/** The places that a part of a path leads to. */
function inside(place: Place, name: string): Place[] {
  const schema = unwrap(place.schema);
  if (schema instanceof z.ZodArray) {
    const item = { schema: schema.element, where: place.where };
    return /^\d+$/.test(name) ? [item] : inside(item, name);
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const options = optionsOf(schema, place);
    const named = options.filter(({ types }) => types.includes(name));
    return named.length > 0 ? named : options.flatMap((option) => inside(option, name));
  }
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option) => inside({ schema: option, where: place.where }, name));
  }
  const field = schema instanceof z.ZodObject && Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
  return field === undefined ? [] : [{ schema: field, where: place.where }];
}

function optionsOf(schema: z.ZodDiscriminatedUnion, { where }: Place) {
  const key = schema.def.discriminator;
  return schema.options.map((option) => {
    const types = typeOf(option, key).filter((type) => type !== '');
    return {
      schema: option,
      types,
      where: [where, `${key}: ${types.join(' | ')}`].filter((text) => text !== '').join(', '),
    };
  });
}

function explanationOf({ schema, where }: Place): Explanation {
  const json = z.toJSONSchema(schema, { io: 'input' });
  const inner = unwrap(schema);
  return {
    where: where === '' ? [] : [where],
    allowed: allowedBy(inner),
    default: json.default === undefined ? undefined : JSON.stringify(json.default),
    meaning: json.description ?? '',
    fields: [...new Set(fieldsOf(inner))],
  };
}

function fieldsOf(schema: z.core.$ZodType): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return fieldsOf(inner.element);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => fieldsOf(option));
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Layers of several types have fields that say the same. */
function merged(explanations: readonly Explanation[]): Explanation[] {
  const byText = new Map<string, Explanation>();
  for (const one of explanations) {
    const text = JSON.stringify({ ...one, where: [] });
    const known = byText.get(text);
    byText.set(text, known === undefined ? one : { ...known, where: [...new Set([...known.where, ...one.where])] });
  }
  return [...byText.values()];
}

function unknownField(walked: string, name: string, places: readonly Place[]): GanglionError {
  const names = [...new Set(places.flatMap(({ schema }) => fieldsOf(schema)))];
  const hint = nearestName(name, names);
  const section = walked === '' ? 'a run config' : walked;
  return new GanglionError({
    code: 'invalid-argument',
    message:
      names.length > 0
        ? `${section} has no field '${name.slice(0, 80)}'; it has ${names.join(', ')}.`
        : `${section} is no section, and has no '${name.slice(0, 80)}'.`,
    remedy: hint ? `Did you mean '${hint}'?` : 'See `ganglion config explain` for the fields of a run config.',
  });
}
