/** The only reader of Ganglion's environment variables. Flags win over them, they win over defaults. */
import { join } from 'node:path';
import { GanglionError } from '../errors/ganglionError.ts';
import { requireAddress } from './address.ts';
import { nearestName } from './nearest.ts';
import type { RunConfig } from './runConfig.ts';

export interface Environment {
  /** GANGLION_COORDINATOR: HOST:PORT of the coordinator; undefined where it is not said. */
  readonly coordinator: string | undefined;
  /** GANGLION_CONTEXT: a name of `ganglion context list`; undefined for the current one. */
  readonly context: string | undefined;
  /** XDG_CONFIG_HOME, or .config at home: where a user's settings lie; undefined for a user without a home. */
  readonly configFolder: string | undefined;
  /** GANGLION_DATA_DIR: where the coordinator keeps its run folders. */
  readonly dataDir: string;
  /** GANGLION_NATS_URL: a NATS server; undefined for none. */
  readonly natsUrl: string | undefined;
  /** GANGLION_TLS_DIR: certificate, key and CA; undefined for none. */
  readonly tlsDir: string | undefined;
  /** GANGLION_TOKEN_FILE: a bearer token; undefined for none. */
  readonly tokenFile: string | undefined;
  /** GANGLION_MLFLOW_URI: an MLflow server; undefined for none. */
  readonly mlflowUri: string | undefined;
  /** GANGLION_BACKEND: what a worker computes on. */
  readonly backend: RunConfig['backend']['require'];
  /** GANGLION_LOG_LEVEL. */
  readonly logLevel: LogLevel;
  /** GANGLION_FAILPOINTS: for tests; empty for none. See `failpoint/failpoint.ts`. */
  readonly failpoints: string;
  /** NO_COLOR, CLICOLOR_FORCE; undefined leaves it to the terminal. */
  readonly color: boolean | undefined;
  /** TERM=dumb: a terminal whose cursor does not move. */
  readonly isDumbTerminal: boolean;
  /** COLUMNS: width of the terminal; undefined where it is not said. */
  readonly columns: number | undefined;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** Written out, and not taken from the schema: `ganglion --help` needs no zod. A test holds them equal. */
export const BACKENDS = [
  'any',
  'cuda',
  'tensorflow',
  'wasm',
  'cpu',
] as const satisfies RunConfig['backend']['require'][];

export const DEFAULT_PORT = 7600;
export const DEFAULT_HTTP_PORT = 9464;
export const DEFAULT_PAGE_PORT = 9465;

/** An empty variable counts as unset. Throws `invalid-argument` naming the variable. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  return {
    coordinator: env.GANGLION_COORDINATOR
      ? requireAddress('GANGLION_COORDINATOR', env.GANGLION_COORDINATOR)
      : undefined,
    context: env.GANGLION_CONTEXT || undefined,
    configFolder: env.XDG_CONFIG_HOME || (env.HOME ? join(env.HOME, '.config') : undefined),
    dataDir: env.GANGLION_DATA_DIR || 'runs',
    natsUrl: env.GANGLION_NATS_URL || undefined,
    tlsDir: env.GANGLION_TLS_DIR || undefined,
    tokenFile: env.GANGLION_TOKEN_FILE || undefined,
    mlflowUri: env.GANGLION_MLFLOW_URI || undefined,
    backend: oneOf('GANGLION_BACKEND', env.GANGLION_BACKEND || 'any', BACKENDS),
    logLevel: oneOf('GANGLION_LOG_LEVEL', env.GANGLION_LOG_LEVEL || 'info', LOG_LEVELS),
    failpoints: env.GANGLION_FAILPOINTS ?? '',
    color: env.NO_COLOR ? false : env.CLICOLOR_FORCE && env.CLICOLOR_FORCE !== '0' ? true : undefined,
    isDumbTerminal: env.TERM === 'dumb',
    columns: /^[1-9]\d{0,4}$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : undefined,
  };
}

function oneOf<Value extends string>(variable: string, found: string, allowed: readonly Value[]): Value {
  const value = allowed.find((one) => one === found);
  if (value !== undefined) return value;
  const hint = nearestName(found, allowed);
  throw new GanglionError({
    code: 'invalid-argument',
    message: `${variable}: found '${found}'; allowed: ${allowed.join(', ')}.`,
    remedy: hint ? `Did you mean '${hint}'?` : `Unset ${variable}, or choose one of them.`,
  });
}
