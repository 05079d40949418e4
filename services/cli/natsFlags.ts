/** Who we are to a NATS server, as flags: for whoever tells progress there and whoever reads it. */
import type { Command } from 'commander';
import type { NatsAccess } from '../telemetry/natsAccess.ts';

export interface NatsFlags {
  readonly natsCreds?: string;
  readonly natsNkey?: string;
  readonly natsCa?: string;
}

export function natsFlags(command: Command): Command {
  return command
    .option('--nats-creds <file>', 'credentials for NATS: JWT and seed, as `nsc` makes them')
    .option('--nats-nkey <file>', 'NKey seed for NATS')
    .option('--nats-ca <file>', 'CA of the NATS server, which then must have TLS');
}

/** Throws `invalid-argument` for files that are no credentials. */
export async function natsAccess({ natsCreds, natsNkey, natsCa }: NatsFlags): Promise<NatsAccess> {
  const { requireAccess } = await import('../telemetry/natsAccess.ts');
  return requireAccess({ credsFile: natsCreds, nkeyFile: natsNkey, caFile: natsCa });
}
