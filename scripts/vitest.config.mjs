import {defineConfig} from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest reads its settings from there.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['{runner,verify,scripts}/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    unstubEnvs: true,
  },
});
