/** From what a person wrote to a resolved config, or to sentences that say what is wrong and what is allowed. */
import { type Document, LineCounter, parseDocument, stringify } from 'yaml';
import type { z } from 'zod';
import { GanglionError } from '../errors/ganglionError.ts';
import { nearestName } from './nearest.ts';
import { type RunConfig, runConfigSchema } from './runConfig.ts';

/** Parses YAML text. Throws `invalid-config` with line and column. */
export function parseYaml(text: string, source: string): unknown {
  const lines = new LineCounter();
  const document: Document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (!error) return document.toJS() ?? {};
  const { line, col } = lines.linePos(error.pos[0]);
  throw invalid(`${source}, line ${line}, column ${col}: ${error.message}.`, 'Mend the YAML there.');
}

/** Applies `a.b=c` settings to a plain value; values are YAML. Returns a new value. */
export function applySettings(input: unknown, settings: readonly string[]): unknown {
  // Not structuredClone: a YAML alias would stay one object, and a setting in it would show in two places.
  const root: unknown = JSON.parse(JSON.stringify(input ?? {}));
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 1) throw invalid(`--set ${setting} is not of the form a.b=value.`, 'Write --set batchSize=64, say.');
    place(root, setting.slice(0, equals).split('.'), parseYaml(setting.slice(equals + 1), `--set ${setting}`), setting);
  }
  return root;
}

function place(root: unknown, path: readonly string[], value: unknown, setting: string): void {
  let node = root;
  for (const [depth, key] of path.entries()) {
    if (typeof node !== 'object' || node === null) {
      throw invalid(`--set ${setting}: ${path.slice(0, depth).join('.')} is a value, not a section.`, 'Shorten the path.');
    }
    const section = node as Record<string, unknown>;
    if (depth === path.length - 1) section[key] = value;
    else section[key] ??= {};
    node = section[key];
  }
}

/** Fills in every default and checks everything. Throws `invalid-config` naming each path. The result is frozen. */
export function resolveRunConfig(input: unknown, source: string): RunConfig {
  const parsed = runConfigSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) throw problems(source, parsed.error.issues.flatMap(describeIssue));
  const config: RunConfig = { ...parsed.data, shards: parsed.data.shards ?? parsed.data.workers };
  const found = crossChecks(config);
  if (found.length > 0) throw problems(source, found);
  return deepFreeze(config);
}

export function toYaml(config: RunConfig): string {
  return stringify(config);
}

const SHOWN_PROBLEMS = 3;

function problems(source: string, sentences: readonly string[]): GanglionError {
  const more = sentences.length > SHOWN_PROBLEMS ? ` (and ${sentences.length - SHOWN_PROBLEMS} more)` : '';
  return invalid(
    `${source}: ${sentences.slice(0, SHOWN_PROBLEMS).join(' ')}${more}`,
    'See `ganglion config schema` for every field, its meaning and its bounds.',
  );
}

/** Sentences of one zod issue: the path, what was found, what is allowed. */
function describeIssue(issue: z.core.$ZodIssue): string[] {
  const path = pathOf(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(issue.path, key));
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      return [`${path}: found ${show(issue.input)}; allowed: ${allowed.join(', ')}.${suggestion(issue.input, allowed)}`];
    }
    case 'invalid_union': {
      const allowed = discriminators(issue);
      return [`${path}: ${found(issue.input)}${allowed ? `; allowed: ${allowed.join(', ')}` : ''}.${suggestion(issue.input, allowed ?? [])}`];
    }
    default:
      return [`${path}: ${found(issue.input)}; ${lowerFirst(issue.message)}.`];
  }
}

function discriminators(issue: z.core.$ZodIssue): string[] | undefined {
  const options = (issue as { options?: unknown[] }).options;
  return options?.map(String);
}

function unknownKey(path: readonly PropertyKey[], key: string): string {
  const names = keysAt(path);
  const where = path.length > 0 ? pathOf(path) : 'the top level';
  const hint = nearestName(key, names);
  return `${pathOf([...path, key])}: unknown at ${where}${hint ? `; did you mean '${hint}'?` : `; allowed: ${names.join(', ')}.`}`;
}

/** The keys that the schema knows at a path, found by walking its JSON form. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let node: unknown = runConfigSchema;
  for (const key of path) node = child(unwrap(node), key);
  const shape = shapeOf(unwrap(node));
  return shape ? Object.keys(shape) : [];
}

function child(node: unknown, key: PropertyKey): unknown {
  const definition = definitionOf(node);
  if (definition?.element) return definition.element;
  return shapeOf(node)?.[String(key)];
}

function shapeOf(node: unknown): Record<string, unknown> | undefined {
  const definition = definitionOf(node);
  if (definition?.options) return Object.assign({}, ...definition.options.map((option) => shapeOf(unwrap(option)) ?? {}));
  return definition?.shape;
}

interface SchemaDefinition {
  readonly innerType?: unknown;
  readonly element?: unknown;
  readonly options?: readonly unknown[];
  readonly shape?: Record<string, unknown>;
}

function definitionOf(node: unknown): SchemaDefinition | undefined {
  return (node as { def?: SchemaDefinition } | undefined)?.def;
}

function unwrap(node: unknown): unknown {
  let inner = node;
  while (definitionOf(inner)?.innerType) inner = definitionOf(inner)?.innerType;
  return inner;
}

/** Rules over several fields. */
function crossChecks(config: RunConfig): string[] {
  const found: string[] = [];
  if ((config.phases === undefined) === (config.epochs === undefined)) {
    const given = config.phases === undefined ? 'neither' : 'both';
    found.push(`epochs, phases: ${given} given; give exactly one of them.`);
  }
  if (config.shards < config.workers) {
    found.push(`shards: found ${config.shards}; at least one a worker is needed: ${config.workers} or more.`);
  }
  if (config.batchSize < config.shards) {
    found.push(`batchSize: found ${config.batchSize}; at least one sample a shard is needed: ${config.shards} or more.`);
  }
  const last = config.discriminator.layers.at(-1);
  if (last?.type !== 'dense' || last.units !== 1 || last.activation !== 'linear') {
    const at = `discriminator.layers[${config.discriminator.layers.length - 1}]`;
    found.push(`${at}: found ${show(last)}; D must end in {type: dense, units: 1, activation: linear}, its logit.`);
  }
  return found;
}

function suggestion(input: unknown, allowed: readonly string[]): string {
  const word = typeof input === 'object' && input !== null ? (input as { type?: unknown }).type : input;
  const hint = typeof word === 'string' ? nearestName(word, allowed) : undefined;
  return hint ? ` Did you mean '${hint}'?` : '';
}

function found(input: unknown): string {
  return input === undefined ? 'missing' : `found ${show(input)}`;
}

function show(input: unknown): string {
  const text = JSON.stringify(input) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the config';
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`)).join('');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

function invalid(message: string, remedy: string): GanglionError {
  return new GanglionError({ code: 'invalid-config', message, remedy });
}
