/** Coordinators that a person talks to, by name: `ganglion/contexts.yaml` in the user's settings. Paths only, no secret. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNode, LineCounter, parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { diskError, makeFolder, replaceFile } from '../checkpoint/durableFile.ts';
import { nearestName } from '../config/nearest.ts';
import { GanglionError } from '../errors/ganglionError.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

const contextSchema = z.strictObject({
  coordinator: z.string().min(1),
  'tls-dir': z.string().min(1).optional(),
  'token-file': z.string().min(1).optional(),
});
const contextsSchema = z.strictObject({
  /** Which one counts where none is named. */
  current: z.string().optional(),
  contexts: z.record(z.string().regex(NAME), contextSchema).default({}),
});

export type Context = z.output<typeof contextSchema>;
type Contexts = z.output<typeof contextsSchema>;

export class ContextsFile {
  readonly #file: string;
  #found: Contexts;

  private constructor(file: string, found: Contexts) {
    this.#file = file;
    this.#found = found;
  }

  /** A file that is not there has no contexts. Throws `invalid-argument` with the line of what is wrong. */
  static async open(configFolder: string): Promise<ContextsFile> {
    const file = join(configFolder, 'ganglion', 'contexts.yaml');
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw diskError(file, error);
    });
    return new ContextsFile(file, parse(file, text));
  }

  get current(): string | undefined {
    return this.#found.current;
  }

  get names(): readonly string[] {
    return Object.keys(this.#found.contexts).sort();
  }

  /** Throws `not-found` with the nearest name. */
  get(name: string): Context {
    const { contexts } = this.#found;
    const context = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
    if (context) return context;
    const nearest = nearestName(name, this.names);
    throw new GanglionError({
      code: 'not-found',
      message: `There is no context '${name}' in ${this.#file}.`,
      remedy: nearest ? `Did you mean '${nearest}'?` : 'See `ganglion context list`; `ganglion context add` makes one.',
    });
  }

  /** In the place of one that has the name. Throws `invalid-argument` for a name that is none. */
  async add(name: string, context: Context): Promise<void> {
    if (!NAME.test(name)) {
      throw new GanglionError({
        code: 'invalid-argument',
        message: `context: found '${name.slice(0, 80)}'; letters, digits, dots, hyphens and underscores are allowed, at most 63.`,
        remedy: 'Choose another name.',
      });
    }
    await this.#write({ ...this.#found, contexts: { ...this.#found.contexts, [name]: context } });
  }

  async use(name: string): Promise<void> {
    this.get(name);
    await this.#write({ ...this.#found, current: name });
  }

  /** Where it was the current one, none is. */
  async remove(name: string): Promise<void> {
    this.get(name);
    const { current, contexts } = this.#found;
    const { [name]: _, ...others } = contexts;
    await this.#write({ ...(current !== undefined && current !== name && { current }), contexts: others });
  }

  async #write(contexts: Contexts): Promise<void> {
    await makeFolder(dirname(this.#file), 0o700);
    await replaceFile(this.#file, Buffer.from(stringify(contexts)), 0o600);
    this.#found = contexts;
  }
}

function parse(file: string, text: string): Contexts {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw broken(file, lines.linePos(problem.pos[0]).line, problem.message);
  const parsed = contextsSchema.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map(String);
  // What is missing has no place: the nearest section around it has one.
  const places = path.map((_, index) => document.getIn(path.slice(0, path.length - index), true)).filter(isNode);
  const line = lines.linePos(places[0]?.range?.[0] ?? 0).line;
  throw broken(file, line, `${path.join('.') || 'the file'}: ${issue?.message ?? 'another form'}`);
}

function broken(file: string, line: number, what: string): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message: `${file}, line ${line}: ${what.replace(/[.:]$/, '')}.`,
    remedy: 'Mend the file there, or remove it and add the contexts anew.',
  });
}
