import {availableParallelism} from 'node:os';
import {defineConfig} from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest reads its settings from there.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['{runner,verify,scripts}/**/*.test.{ts,tsx}'],
    // Most of a test's time is waiting for a program, so every core takes one; each may open a browser.
    maxWorkers: Math.min(4, availableParallelism()),
    // Guards against what hangs, and nothing else: a busy machine is slow, and how fast we are the benchmark measures.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: {poll: {timeout: 60_000}},
    unstubEnvs: true,
  },
});
