/** The only reader of the environment. Flags win over it, it wins over defaults. */
export interface Environment {
  /** HOST:PORT of the coordinator. */
  readonly coordinator: string;
  /** Where the coordinator keeps its runs. */
  readonly dataDir: string;
  /** URL of a NATS server; undefined for none. */
  readonly natsUrl: string | undefined;
  readonly logLevel: string;
  readonly color: boolean | undefined;
}

export const DEFAULT_PORT = 7600;
export const DEFAULT_HTTP_PORT = 9464;

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  return {
    coordinator: env.GANGLION_COORDINATOR ?? `127.0.0.1:${DEFAULT_PORT}`,
    dataDir: env.GANGLION_DATA_DIR ?? 'runs',
    natsUrl: env.GANGLION_NATS_URL,
    logLevel: env.GANGLION_LOG_LEVEL ?? 'info',
    color: env.NO_COLOR ? false : env.CLICOLOR_FORCE && env.CLICOLOR_FORCE !== '0' ? true : undefined,
  };
}
