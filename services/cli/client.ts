/** The coordinator that flags, environment or a context name. */
import type { Command } from 'commander';
import type { RunsClient } from '../wire/client.ts';
import type { BadgeFlags } from './badge.ts';
import type { Console } from './console.ts';

interface GlobalFlags extends BadgeFlags {
  readonly coordinator: string;
  readonly context?: string;
  /** Seconds. */
  readonly timeout: number;
}

/** Calls `use` with a client that is closed afterwards. */
export async function withClient<Value>(
  console: Console,
  command: Command,
  use: (client: RunsClient) => Promise<Value>,
): Promise<Value> {
  const { coordinator, timeout, ...shown } = await placeOf(console, command);
  const [{ connect }, { openBadge }] = await Promise.all([import('../wire/client.ts'), import('./badge.ts')]);
  // A long watch goes on with the old files where the new ones cannot be read; the next call says why.
  const badge = await openBadge(shown, () => undefined);
  const client = connect(coordinator, { timeoutMs: timeout * 1000 }, badge);
  try {
    return await use(client);
  } finally {
    client.close();
    badge.tls?.close();
    badge.token?.close();
  }
}

/**
 * Flags and environment win over a context. Where they name a coordinator, the current context does not count at all, since what it
 * shows is for another one's eyes; one that is named with --context lends what the flags leave out.
 */
async function placeOf(console: Console, command: Command): Promise<GlobalFlags> {
  const flags = command.optsWithGlobals<GlobalFlags>();
  const { coordinator, configFolder } = console.environment;
  const isNamed = coordinator !== undefined || command.getOptionValueSourceWithGlobals('coordinator') === 'cli';
  if (configFolder === undefined || (isNamed && flags.context === undefined)) return flags;
  const { ContextsFile } = await import('./contexts.ts');
  const contexts = await ContextsFile.open(configFolder);
  const name = flags.context ?? contexts.current;
  if (name === undefined) return flags;
  const context = contexts.get(name);
  return {
    ...flags,
    coordinator: isNamed ? flags.coordinator : context.coordinator,
    tlsDir: flags.tlsDir ?? context['tls-dir'],
    tokenFile: flags.tokenFile ?? context['token-file'],
  };
}
