import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Two cores are what CI has; suites that start servers say so themselves and run one after another.
    maxWorkers: 2,
    // The engine that the program runs on (decision 008).
    execArgv: ['--no-maglev'],
  },
});
