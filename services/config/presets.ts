/** Ready-made run configs: YAML files beside this one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GanglionError } from '../errors/ganglionError.ts';
import { nearestName } from './nearest.ts';
import { packageRoot } from './packageRoot.ts';
import { parseYaml } from './resolve.ts';

function folder(): string {
  return join(packageRoot(), 'services', 'config', 'presets');
}

export function presetNames(): string[] {
  return readdirSync(folder())
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}

/** A preset's text: comments at its head say what it is and where its numbers come from. Throws `invalid-argument`. */
export function presetText(name: string): string {
  const names = presetNames();
  if (names.includes(name)) return readFileSync(join(folder(), `${name}.yaml`), 'utf8');
  const hint = nearestName(name, names);
  const all = `Choose one of ${names.join(', ')}.`;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `There is no preset '${name}'.`,
    remedy: hint ? `Did you mean '${hint}'? ${all}` : all,
  });
}

/** A preset as a person would have written it: input for `resolveRunConfig`. */
export function loadPreset(name: string): unknown {
  return parseYaml(presetText(name), `preset ${name}`);
}

/** The first comment line of a preset. */
export function presetSummary(name: string): string {
  return /^#\s*(.*)$/m.exec(presetText(name))?.[1] ?? '';
}
