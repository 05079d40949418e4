/** A log that is kept, for tests that ask what was said. */
import { createLog, type Logger } from '../../services/telemetry/log.ts';

export function keptLog(): { log: Logger; said: () => string } {
  let text = '';
  const stream = { write: (line: string) => (text += line) };
  return { log: createLog({ name: 'test', level: 'debug', readable: true, stream }), said: () => text };
}
