/** Proves that a download shows a bar for each file on a terminal, and elsewhere a line at every tenth, no more. */
import { describe, expect, it } from 'vitest';
import { createDownloadProgress } from '../../services/cli/downloadProgress.ts';
import { fakeConsole } from './fakeConsole.ts';

const MIB = 1024 ** 2;

describe('the progress of a download', () => {
  it('is a line at every tenth where nobody watches', () => {
    const console = fakeConsole();
    const progress = createDownloadProgress(console);
    for (let done = 0; done <= 100; done++) progress.show('a.gz', done * MIB, 100 * MIB);
    progress.show('b.gz', MIB, MIB);
    progress.stop();
    const lines = console.err().trimEnd().split('\n');
    expect(lines.length).toBe(12);
    expect([lines[0], lines[5], lines[10], lines[11]]).toEqual([
      'a.gz  0%  0 B / 100.0 MiB',
      'a.gz  50%  50.0 MiB / 100.0 MiB',
      'a.gz  100%  100.0 MiB / 100.0 MiB',
      'b.gz  100%  1.0 MiB / 1.0 MiB',
    ]);
  });

  it('is a bar for each file on a terminal, with what is there and what is to come', () => {
    const console = fakeConsole({ tty: true });
    const progress = createDownloadProgress(console);
    progress.show('a.gz', 25 * MIB, 100 * MIB);
    progress.show('a.gz', 100 * MIB, 100 * MIB);
    progress.show('b.gz', MIB, 2 * MIB);
    progress.stop();
    expect(console.err()).toContain('25% a.gz  25.0 MiB / 100.0 MiB');
    expect(console.err()).toContain('100% a.gz  100.0 MiB / 100.0 MiB');
    expect(console.err()).toContain('50% b.gz  1.0 MiB / 2.0 MiB');
  });
});
