/** `--set a.b=value`: single fields over what a file or a preset says. */
import { invalidConfig, show } from './problems.ts';
import { parseYamlText } from './yamlText.ts';

type Section = Record<string, unknown> | unknown[];

/**
 * Applies settings in their order and returns a new value. A value is YAML, and `null` takes the field away; an item of
 * a list is named by its number (`layers.0.units`, or `layers[0].units` as error messages write it). Unknown fields are
 * left for the validation to find. Throws `invalid-config`.
 */
export function applySettings(input: unknown, settings: readonly string[]): unknown {
  const root = copy(input ?? {});
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    const path = setting
      .slice(0, Math.max(equals, 0))
      .replace(/\[(\d+)\]/g, '.$1')
      .split('.');
    if (path.some((key) => key === '' || key === '__proto__')) {
      throw invalidConfig(`--set ${setting}: not of the form a.b=value.`, 'Write --set batchSize=64, say.');
    }
    place(root, path, parseYamlText(setting.slice(equals + 1), `--set ${setting}`), setting);
  }
  return root;
}

function place(root: unknown, path: readonly string[], value: unknown, setting: string): void {
  let node = root;
  for (const [depth, key] of path.entries()) {
    const section = asSection(node, key, path.slice(0, depth).join('.') || 'the run config', setting);
    if (depth === path.length - 1) {
      if (value !== undefined) section[key] = value;
      else if (Array.isArray(section)) section.splice(Number(key), 1);
      else delete section[key];
    } else if (!Object.hasOwn(section, key) || section[key] === null) {
      section[key] = {};
    }
    node = section[key];
  }
}

/** The node as something with the field `key`; lists have numbers only, and no gaps. */
function asSection(node: unknown, key: string, name: string, setting: string): Record<string, unknown> {
  if (typeof node !== 'object' || node === null) {
    throw invalidConfig(
      `--set ${setting}: ${name} is ${show(node)}, which has no fields.`,
      `Set ${name} itself, or a field of a section.`,
    );
  }
  if (Array.isArray(node) && !(/^\d+$/.test(key) && Number(key) <= node.length)) {
    throw invalidConfig(
      `--set ${setting}: ${name} is a list of ${node.length}; found '${key}', allowed: 0 to ${node.length} (which appends).`,
      'Name the item by its number, from 0.',
    );
  }
  return node as Section as Record<string, unknown>;
}

/** Not structuredClone: a YAML alias would stay one object, and a setting in it would show in two places. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]));
}
