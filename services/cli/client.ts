/** The coordinator that the global flags name. */
import type { Command } from 'commander';
import type { RunsClient } from '../wire/client.ts';

/** Calls `use` with a client that is closed afterwards. */
export async function withClient<Value>(command: Command, use: (client: RunsClient) => Promise<Value>): Promise<Value> {
  const { coordinator, timeout } = command.optsWithGlobals<{ coordinator: string; timeout: number }>();
  const { connect } = await import('../wire/client.ts');
  const client = connect(coordinator, { timeoutMs: timeout * 1000 });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}
