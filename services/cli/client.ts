/** The coordinator that the global flags name. */
import type { Command } from 'commander';
import type { RunsClient } from '../wire/client.ts';
import type { BadgeFlags } from './badge.ts';

interface GlobalFlags extends BadgeFlags {
  readonly coordinator: string;
  /** Seconds. */
  readonly timeout: number;
}

/** Calls `use` with a client that is closed afterwards. */
export async function withClient<Value>(command: Command, use: (client: RunsClient) => Promise<Value>): Promise<Value> {
  const flags = command.optsWithGlobals<GlobalFlags>();
  const [{ connect }, { openBadge }] = await Promise.all([import('../wire/client.ts'), import('./badge.ts')]);
  // A long watch goes on with the old files where the new ones cannot be read; the next call says why.
  const badge = await openBadge(flags, () => undefined);
  const client = connect(flags.coordinator, { timeoutMs: flags.timeout * 1000 }, badge);
  try {
    return await use(client);
  } finally {
    client.close();
    badge.tls?.close();
    badge.token?.close();
  }
}
