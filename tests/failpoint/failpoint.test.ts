/** Proves how failpoints are armed; that each does what it says is proven in `tests/integration/failpoints.test.ts`. */
import { describe, expect, it } from 'vitest';
import { armFailpoints, failpoint } from '../../services/failpoint/failpoint.ts';

describe('failpoints', () => {
  it('do nothing unarmed', () => {
    expect(() => failpoint('journal.beforeSync')).not.toThrow();
  });

  it('act at the pass that they were armed for, once', () => {
    armFailpoints('journal.beforeWrite=error@3,file.beforeSync=error');
    failpoint('journal.beforeWrite');
    failpoint('journal.beforeWrite');
    expect(() => failpoint('journal.beforeWrite')).toThrow('EIO: failpoint journal.beforeWrite');
    expect(() => failpoint('journal.beforeWrite')).not.toThrow();
    expect(() => failpoint('file.beforeSync')).toThrow('EIO');
  });

  it.each(['nowhere=kill', 'journal.beforeWrite', 'journal.beforeWrite=explode', 'journal.beforeWrite=kill@0'])(
    'refuse %s with what is allowed',
    (text) => {
      expect(() => armFailpoints(text)).toThrow(
        `GANGLION_FAILPOINTS: found '${text}'; allowed: NAME=kill or NAME=error`,
      );
    },
  );
});
