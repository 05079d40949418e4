/** What zod found wrong with a run config, as sentences: the path, what was found, what is allowed. */
import { z } from 'zod';
import { GanglionError } from '../errors/ganglionError.ts';
import { nearestName } from './nearest.ts';
import { allowedBy, fieldNames, schemaAt, typeNames } from './schemaWalk.ts';

export function invalidConfig(message: string, remedy: string, cause?: unknown): GanglionError {
  return new GanglionError({ code: 'invalid-config', message, remedy, cause });
}

/** Further problems mostly follow from the first. */
const SHOWN_PROBLEMS = 3;

export function problemsError(source: string, sentences: readonly string[]): GanglionError {
  const more = sentences.length > SHOWN_PROBLEMS ? ` (and ${sentences.length - SHOWN_PROBLEMS} more)` : '';
  return invalidConfig(
    `${source}: ${sentences.slice(0, SHOWN_PROBLEMS).join(' ')}${more}`,
    'See `ganglion config schema` for every field, its meaning and its bounds.',
  );
}

/** Sentences for one issue that `schema` had with `root`; more than one only for unknown fields. */
export function describeIssue(schema: z.core.$ZodType, root: unknown, issue: z.core.$ZodIssue): string[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const names = fieldNames(schemaAt(schema, root, path));
    return issue.keys.map((key) => unknownField(pathOf([...path, key]), key, names));
  }
  const union = issue.code === 'invalid_union' ? schemaAt(schema, root, path) : undefined;
  if (union instanceof z.ZodUnion && typeNames(union).length === 0) {
    return [`${pathOf(path)}: ${found(issue.input)} ${allowedBy(union)}.`];
  }
  if (issue.code === 'invalid_union' && union instanceof z.ZodObject) {
    // A section was meant: what is wrong inside it is what counts.
    const inside = issue.errors.find((list) => list.some((one) => one.path.length > 0));
    return (inside ?? []).flatMap((one) => describeIssue(schema, root, { ...one, path: [...path, ...one.path] }));
  }
  if (issue.code === 'invalid_union') {
    const type = (issue.input as Record<PropertyKey, unknown> | undefined)?.[path.at(-1) ?? ''];
    const types = typeNames(schemaAt(schema, root, path.slice(0, -1)));
    const one = type === undefined ? 'one of ' : '';
    return [`${pathOf(path)}: ${found(type)} ${one}${types.join(', ')}.${suggestion(type, types)}`];
  }
  const at = schemaAt(schema, root, path);
  const allowed = issue.code === 'invalid_format' || !at ? issue.message : allowedBy(at);
  const names = at instanceof z.ZodEnum ? at.options.map(String) : [];
  return [`${pathOf(path)}: ${found(issue.input)} ${allowed}.${suggestion(issue.input, names)}`];
}

function unknownField(path: string, key: string, names: readonly string[]): string {
  const hint = nearestName(key, names);
  return `${path}: unknown field; ${hint ? `did you mean '${hint}'?` : `allowed: ${names.join(', ')}.`}`;
}

function found(input: unknown): string {
  return input === undefined ? 'missing; needed:' : `found ${show(input)}; allowed:`;
}

function suggestion(word: unknown, names: readonly string[]): string {
  const hint = typeof word === 'string' ? nearestName(word, names) : undefined;
  return hint ? ` Did you mean '${hint}'?` : '';
}

/** A value as it stands in the file, shortened. */
export function show(input: unknown): string {
  const text = typeof input === 'number' ? String(input) : (JSON.stringify(input) ?? typeof input);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `generator.layers[1].units` */
function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the run config';
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`)).join('');
}
