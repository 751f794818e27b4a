import { defineConfig } from 'vitest/config';

/** Nobody's own git settings (signing, hooks, default branch) reach a test. */
const env = { GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };

const globalSetup = 'tests/fixtures/built-program.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

// Sized for two cores: integration tests start processes of their own, and so does each kill of the crash tests.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          env,
          testTimeout: 10 * SECOND,
          sequence: { groupOrder: 0 },
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'integration',
          globalSetup,
          include: ['tests/contract/**/*.test.ts', 'tests/integration/**/*.test.ts'],
          env,
          testTimeout: MINUTE,
          hookTimeout: MINUTE,
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: 'crash',
          globalSetup,
          include: ['tests/crash/**/*.test.ts'],
          env,
          testTimeout: process.env['MUSTER_LONG'] === '1' ? 60 * MINUTE : 8 * MINUTE,
          hookTimeout: MINUTE,
          sequence: { groupOrder: 2 },
          maxWorkers: 2,
        },
      },
    ],
  },
});
