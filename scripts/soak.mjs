/**
 * `npm run soak [-- --rounds N --seed S --only sandbox,runner,fuzz,labs]`: what takes too long for `npm test`. Kills the
 * sandbox and the runner with -9 again and again, feeds the API manifests with mistakes, and runs all labs N times in a
 * row from nothing and once more on what stands. Everything is bounded and follows from the seed, which is printed.
 */
import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {$, argv} from 'zx';
import {ensureBuilt, ensureInstalled, requireNode} from './set-up.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
requireNode();
ensureInstalled(root);
ensureBuilt(root);

const rounds = Math.max(1, Number(argv.rounds ?? 10) || 10);
const seed = Number(argv.seed ?? Date.now() % 100_000);
const parts = String(argv.only ?? 'sandbox,runner,fuzz,labs').split(',');
const build = path.resolve(argv.build ?? path.join(root, '.build'));
const env = {
  ...process.env,
  NO_COLOR: '1',
  ISTIO_WORKSHOP_BUILD: build,
  ISTIO_WORKSHOP_SEED: String(seed),
};
const results = [];

/** Runs one part and notes how it ended; the others go on. */
async function part(name, limit, run) {
  console.error(`… ${name} (${rounds} rounds, seed ${seed}, at most ${limit})`);
  const startedAt = performance.now();
  const {exitCode, stdout, stderr} = await run().timeout(limit, 'SIGTERM').nothrow();
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  results.push({name, passed: exitCode === 0, seconds});
  console.error(`${exitCode === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (exitCode !== 0) console.error(`${stdout}${stderr}`.trimEnd().split('\n').slice(-60).join('\n'));
}

const vitest = (file, settings) => () =>
  $({
    cwd: root,
    env: {...env, ...settings},
    quiet: true,
  })`${path.join(root, 'node_modules/.bin/vitest')} run --config scripts/vitest.config.mjs ${file}`;

if (parts.includes('sandbox')) {
  const settings = {ISTIO_WORKSHOP_KILL_ROUNDS: String(rounds * 5)};
  await part('kill -9 of the sandbox', '30m', vitest('runner/sandbox/conformance/kill.test.ts', settings));
}
if (parts.includes('runner')) {
  const settings = {ISTIO_WORKSHOP_KILL_ROUNDS: String(rounds)};
  await part('kill -9 of the runner', '30m', vitest('runner/killed-run.test.ts', settings));
}
if (parts.includes('fuzz')) {
  const settings = {ISTIO_WORKSHOP_FUZZ_ROUNDS: String(rounds * 300)};
  await part('manifests with mistakes', '30m', vitest('runner/sandbox/conformance/fuzz.test.ts', settings));
}
if (parts.includes('labs')) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'istio-workshop-soak-'));
  const outside = {
    ...env,
    HOME: folder,
    ISTIO_WORKSHOP_STATE: path.join(folder, 'state'),
    PLAYWRIGHT_BROWSERS_PATH:
      process.env.PLAYWRIGHT_BROWSERS_PATH ?? path.join(os.homedir(), '.cache', 'ms-playwright'),
    ISTIO_WORKSHOP_CACHE:
      process.env.ISTIO_WORKSHOP_CACHE ?? path.join(os.homedir(), '.cache', 'istio-workshop'),
  };
  const main = path.join(build, 'main.mjs');
  const app = (...args) => $({cwd: folder, env: outside, quiet: true})`${process.execPath} ${main} ${args}`;
  for (let round = 1; round <= rounds; round++) {
    await part(`all labs, fresh, ${round}`, '5m', () => app('run', '--all', '--fresh'));
  }
  await part('all labs, in a workshop that stays', '5m', () => app('run', '--all'));
  await part('all labs, on what stands', '5m', () => app('run', '--all'));
  await app('sandbox', 'down', '--delete').nothrow();
  rmSync(folder, {recursive: true, force: true});
}

console.log(JSON.stringify({seed, rounds, results}, null, 2));
process.exitCode = results.every(({passed}) => passed) ? 0 : 1;
