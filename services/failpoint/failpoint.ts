/**
 * Named places where a process can be made to die or to meet an error, so that tests prove what a crash there leaves
 * behind: `GANGLION_FAILPOINTS='journal.beforeSync=kill@3'` kills it at the third time that it comes by. Unarmed, a
 * failpoint is one comparison.
 *
 * The armed points are the one mutable thing, beside scratch memory, that a module of ours keeps: a parameter for them
 * through every file that writes would cost more than it tells.
 */
import { GanglionError } from '../errors/ganglionError.ts';

export const FAILPOINTS = [
  'journal.beforeWrite',
  'journal.beforeSync',
  'journal.afterSync',
  'file.beforeSync',
  'file.beforeRename',
  'file.afterRename',
  'history.afterAppend',
  'coordinator.beforeSend',
  'coordinator.afterSend',
  'coordinator.beforePublish',
  'worker.beforeReady',
  'worker.beforeExchange',
  'worker.beforeReduce',
  'worker.beforeApply',
  'worker.afterApply',
  'worker.afterReport',
  'worker.beforeUpload',
  'worker.beforeHeld',
] as const;
export type FailpointName = (typeof FAILPOINTS)[number];

/** `kill`: SIGKILL to this process. `error`: an I/O error is thrown. */
type Action = 'kill' | 'error';

interface Armed {
  readonly action: Action;
  /** Passes left before it acts; it acts once. */
  passes: number;
}

const armed = new Map<FailpointName, Armed>();

/** Arms what a text like `journal.beforeSync=kill@3,file.beforeRename=error` names. Throws `invalid-argument`. */
export function armFailpoints(text: string): void {
  for (const part of text.split(',').filter((one) => one !== '')) {
    const [, name, action, pass] = /^([\w.]+)=(kill|error)(?:@([1-9]\d{0,5}))?$/.exec(part) ?? [];
    const point = FAILPOINTS.find((one) => one === name);
    if (!point || !action) {
      throw new GanglionError({
        code: 'invalid-argument',
        message: `GANGLION_FAILPOINTS: found '${part}'; allowed: NAME=kill or NAME=error, with @N for the Nth pass.`,
        remedy: `The names are ${FAILPOINTS.join(', ')}.`,
      });
    }
    armed.set(point, { action: action as Action, passes: Number(pass ?? 1) - 1 });
  }
}

/** Acts where this point is armed and its pass has come. */
export function failpoint(name: FailpointName): void {
  if (armed.size === 0) return;
  const point = armed.get(name);
  if (!point) return;
  if (point.passes > 0) {
    point.passes -= 1;
    return;
  }
  armed.delete(name);
  if (point.action === 'kill') process.kill(process.pid, 'SIGKILL');
  throw Object.assign(new Error(`EIO: failpoint ${name}`), { code: 'EIO' });
}
