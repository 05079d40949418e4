/**
 * Two projects: `unit` runs in parallel; `integration` starts real processes, one file after the other.
 *
 * Forks, not threads: libtensorflow reads its thread count once a process, from an environment that a thread cannot
 * set, and its stderr is the process's. (Two threads of one process may load the addon: tried on Node 20, 22 and 24.)
 */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    passWithNoTests: false,
    setupFiles: ['tests/setup/seededSearch.ts'],
    coverage: {
      provider: 'v8',
      include: ['services/**'],
      exclude: ['services/wire/generated/**'],
      reporter: ['text-summary', 'html'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/integration/**', 'tests/cluster/**'],
          // A test that loads a native library on a busy two-core machine needs more than the default 5 s.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
