/** Proves the defaults, that an empty variable is none, and that a wrong value names its variable. */
import { describe, expect, it } from 'vitest';
import { BACKENDS, readEnvironment } from '../../services/config/environment.ts';
import { runConfigSchema } from '../../services/config/runConfig.ts';
import { rejected } from './rejected.ts';

describe('readEnvironment', () => {
  const defaults = {
    coordinator: undefined,
    context: undefined,
    configFolder: undefined,
    dataDir: 'runs',
    natsUrl: undefined,
    tlsDir: undefined,
    tokenFile: undefined,
    backend: 'any',
    logLevel: 'info',
    failpoints: '',
    color: undefined,
    isDumbTerminal: false,
    columns: undefined,
  };

  it('has a default for everything', () => {
    expect(readEnvironment({})).toEqual(defaults);
  });

  it('takes empty variables for unset ones', () => {
    const names = ['COORDINATOR', 'CONTEXT', 'DATA_DIR', 'NATS_URL', 'BACKEND', 'LOG_LEVEL', 'FAILPOINTS'].map(
      (name) => `GANGLION_${name}`,
    );
    const empty = Object.fromEntries([...names, 'NO_COLOR', 'CLICOLOR_FORCE', 'COLUMNS'].map((name) => [name, '']));
    expect(readEnvironment(empty)).toEqual(defaults);
  });

  it.each(['nohost', 'http://c:1', 'c:0', 'c:65536', 'a b:1', '[::1', ':1'])('refuses %s for a coordinator', (text) => {
    expect(() => readEnvironment({ GANGLION_COORDINATOR: text })).toThrow(
      /^GANGLION_COORDINATOR: found '.*'; HOST:PORT is/,
    );
  });

  it.each(['c:1', '[::1]:7600', '10.0.0.1:65535', 'a-b.c_d:80'])('takes %s for one', (text) => {
    expect(readEnvironment({ GANGLION_COORDINATOR: text }).coordinator).toBe(text);
  });

  it('reads every variable', () => {
    const env = {
      GANGLION_COORDINATOR: 'c:1',
      GANGLION_CONTEXT: 'staging',
      XDG_CONFIG_HOME: '/settings',
      HOME: '/home/me',
      TERM: 'dumb',
      GANGLION_DATA_DIR: '/d',
      GANGLION_NATS_URL: 'nats://n:4222',
      GANGLION_TLS_DIR: '/tls',
      GANGLION_TOKEN_FILE: '/token',
      GANGLION_BACKEND: 'wasm',
      GANGLION_LOG_LEVEL: 'debug',
      GANGLION_FAILPOINTS: 'journal.append=crash',
      COLUMNS: '120',
      CLICOLOR_FORCE: '1',
    };
    expect(readEnvironment(env)).toEqual({
      coordinator: 'c:1',
      context: 'staging',
      configFolder: '/settings',
      isDumbTerminal: true,
      dataDir: '/d',
      natsUrl: 'nats://n:4222',
      tlsDir: '/tls',
      tokenFile: '/token',
      backend: 'wasm',
      logLevel: 'debug',
      failpoints: 'journal.append=crash',
      columns: 120,
      color: true,
    });
  });

  it('lets NO_COLOR win, and a CLICOLOR_FORCE of 0 force nothing', () => {
    expect(readEnvironment({ NO_COLOR: '1', CLICOLOR_FORCE: '1' }).color).toBe(false);
    expect(readEnvironment({ CLICOLOR_FORCE: '0' }).color).toBeUndefined();
  });

  it.each(['0', '-3', 'wide', '1e3', '999999'])('ignores COLUMNS=%s', (COLUMNS) => {
    expect(readEnvironment({ COLUMNS }).columns).toBeUndefined();
  });

  it('names a variable with a wrong value, and what is allowed', () => {
    const level = rejected(() => readEnvironment({ GANGLION_LOG_LEVEL: 'debg' }));
    expect([level.code, level.message, level.remedy]).toEqual([
      'invalid-argument',
      "GANGLION_LOG_LEVEL: found 'debg'; allowed: trace, debug, info, warn, error, fatal, silent.",
      "Did you mean 'debug'?",
    ]);
    const backend = rejected(() => readEnvironment({ GANGLION_BACKEND: 'quantum' }));
    expect([backend.message, backend.remedy]).toEqual([
      "GANGLION_BACKEND: found 'quantum'; allowed: any, cuda, tensorflow, wasm, cpu.",
      'Unset GANGLION_BACKEND, or choose one of them.',
    ]);
  });

  it('knows the backends that a run config knows', () => {
    expect(BACKENDS).toEqual(runConfigSchema.shape.backend.unwrap().shape.require.unwrap().options);
  });
});
