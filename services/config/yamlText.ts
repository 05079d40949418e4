/** YAML text to plain values. Whatever is wrong with a text is said with its line and column. */
import { type Document, LineCounter, parseDocument } from 'yaml';
import { invalidConfig } from './problems.ts';

/** Parses one YAML document; an empty one is undefined. Throws `invalid-config`. */
export function parseYamlText(text: string, source: string): unknown {
  const lines = new LineCounter();
  const document: Document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    const sentence =
      problem.code === 'MULTIPLE_DOCS' ? 'A second document begins here; only one is allowed' : problem.message;
    throw invalidConfig(`${source}, line ${line}, column ${col}: ${withoutStop(sentence)}.`, 'Mend the YAML there.');
  }
  try {
    const value: unknown = document.toJS();
    return value === null ? undefined : value;
  } catch (error) {
    // An alias without its anchor, or aliases of aliases that would fill the memory (yaml allows 100).
    const sentence = error instanceof Error ? error.message : String(error);
    throw invalidConfig(`${source}: ${withoutStop(sentence)}.`, 'Mend the aliases (*name) in the YAML.', error);
  }
}

function withoutStop(sentence: string): string {
  return sentence.replace(/[.:]$/, '');
}
