/**
 * Files that are read again while the program runs. By their content and a clock, not by the system's notifications: a
 * Kubernetes secret is exchanged by a symbolic link above it, of which a watch on the file hears nothing.
 */
import { readFile } from 'node:fs/promises';

/** A renewed certificate is used after at most so long: cert-manager renews days before the old one ends. */
const LOOK_AGAIN_MS = 1_000;

export class WatchedFiles<Content> {
  readonly #read: () => Promise<Content>;
  readonly #text: (content: Content) => string;
  readonly #listeners = new Set<(content: Content) => void>();
  readonly #warn: (why: string) => void;
  readonly #timer: NodeJS.Timeout;
  #current: Content;
  #obstacle: { readonly why: string; told: boolean } | undefined;
  #closed = false;

  /** Rejects with what `read` rejects with: what is there at the start must be right. */
  static async open<Content>(options: {
    readonly read: () => Promise<Content>;
    /** Equal for two equal contents. */
    readonly text: (content: Content) => string;
    /** Told why new files are not taken. */
    readonly warn: (why: string) => void;
  }): Promise<WatchedFiles<Content>> {
    return new WatchedFiles(options, await options.read());
  }

  private constructor(
    options: { read: () => Promise<Content>; text: (content: Content) => string; warn: (why: string) => void },
    first: Content,
  ) {
    this.#read = options.read;
    this.#text = options.text;
    this.#warn = options.warn;
    this.#current = first;
    this.#timer = setInterval(() => void this.#look(), LOOK_AGAIN_MS).unref();
  }

  get current(): Content {
    return this.#current;
  }

  /** The returned function ends it. */
  onChange(listener: (content: Content) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#listeners.clear();
  }

  async #look(): Promise<void> {
    try {
      const found = await this.#read();
      this.#obstacle = undefined;
      if (this.#closed || this.#text(found) === this.#text(this.#current)) return;
      this.#current = found;
      for (const listener of this.#listeners) listener(found);
    } catch (error) {
      this.#hold((error as Error).message);
    }
  }

  /** Half of a renewal may be written, and the next look finds the whole: what is wrong twice is told, once. */
  #hold(why: string): void {
    if (this.#closed) return;
    if (this.#obstacle?.why !== why) {
      this.#obstacle = { why, told: false };
    } else if (!this.#obstacle.told) {
      this.#obstacle.told = true;
      this.#warn(`${why} What was read before holds.`);
    }
  }
}

/** Undefined where there is no such file. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
