/** A preset to start from: what each section means stands above it, and what else there is below. */
import { isScalar, parseDocument, visit } from 'yaml';
import { must } from '../errors/invariant.ts';
import { explainField } from './explain.ts';
import { presetText } from './presets.ts';
import { runConfigSchema } from './runConfig.ts';
import { fieldNames } from './schemaWalk.ts';

const WIDTH = 118;

/** YAML that resolves to what the preset does. Throws `invalid-argument` for one that is not there. */
export function commentedPreset(name: string): string {
  const document = parseDocument(presetText(name));
  const written = new Set<string>();
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key)) return visit.SKIP;
      const field = String(key.value);
      written.add(field);
      const own = key.commentBefore;
      // The preset's head: what it is, and where its numbers come from.
      if (own && written.size === 1) document.commentBefore = own;
      key.commentBefore = commentLines(field);
      key.spaceBefore = true;
      return visit.SKIP;
    },
  });
  const others = fieldNames(runConfigSchema).filter((field) => !written.has(field));
  const rest = others.map((field) => `#\n${commentLines(field).replaceAll(/^/gm, '#')}\n`).join('');
  return `${document.toString({ lineWidth: 120 })}\n# What else there is (\`ganglion config explain FIELD\` says more):\n${rest}`;
}

function commentLines(field: string): string {
  const { allowed, meaning, default: value } = must(explainField(field)[0], field);
  const bounds = value === undefined || value === '{}' ? allowed : `${allowed}; default ${value}`;
  return wrapped(`${field}: ${meaning === '' ? bounds : `${meaning} (${bounds})`}`);
}

function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    if ((lines.at(-1) ?? '').length + word.length + 1 > WIDTH) lines.push('');
    lines[lines.length - 1] += ` ${word}`;
  }
  return lines.join('\n');
}
