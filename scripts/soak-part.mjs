/** Runs one part of the soak: what it is given, how long it may take, and how it ended. */
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {$} from 'zx';

const limitMinutes = 45;

/** Lines of a failed program that are shown. */
const shownLines = 60;

/**
 * A part exports `title`, and `run(given)`, which counts with `given.count` what it did and calls `given.fail` with
 * the words for whatever did not go as it should; it may also throw.
 * @returns what is printed of it.
 */
export async function runPart({name, part, root, build, rounds, seed}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'istio-workshop-soak-'));
  const signal = AbortSignal.timeout(limitMinutes * 60_000);
  const counts = {};
  const failures = [];
  const count = (what, more = 1) => {
    counts[what] = (counts[what] ?? 0) + more;
  };
  const fail = text => {
    failures.push(text);
    console.error(`  ✗ ${text.trimEnd().split('\n').slice(-shownLines).join('\n')}`);
  };
  console.error(`… ${name}: ${part.title} (${rounds} rounds, seed ${seed}, at most ${limitMinutes} min)`);
  const startedAt = performance.now();
  const env = {
    ...process.env,
    NO_COLOR: '1',
    ISTIO_WORKSHOP_BUILD: build,
    ISTIO_WORKSHOP_SEED: String(seed),
  };
  try {
    const given = {name, root, build, folder, rounds, seed, env, signal, count, fail};
    await part.run({...given, vitest: testsOf(given), workshop: workshopIn(given)});
  } catch (error) {
    fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  if (signal.aborted) fail(`it took longer than ${limitMinutes} minutes`);
  rmSync(folder, {recursive: true, force: true});
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  const passed = failures.length === 0;
  const told = Object.entries(counts).map(([what, number]) => `${number} ${what}`);
  console.error(`${passed ? '✓' : '✗'} ${name} (${[`${seconds} s`, ...told].join(', ')})`);
  return {name, passed, seconds, counts, failures: failures.length};
}

/** Runs test files with settings of their own, and counts their tests. */
function testsOf({root, folder, env, signal, count, fail}) {
  const vitest = path.join(root, 'node_modules', '.bin', 'vitest');
  const report = path.join(folder, 'report.json');
  return async (file, settings) => {
    const options = {cwd: root, env: {...env, ...settings}, quiet: true, nothrow: true, signal};
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const ended = await $(options)`${vitest} run --config scripts/vitest.config.mjs ${reporters} ${file}`;
    if (ended.exitCode !== 0) fail(`${file}\n${ended.stdout}${ended.stderr}`);
    const {numPassedTests} = JSON.parse(readFileSync(report, 'utf8'));
    count('tests', numPassedTests);
  };
}

/** The built program with a home and a state of the part's own; it never throws. */
function workshopIn({build, folder, env, signal}) {
  const outside = {
    ...env,
    HOME: folder,
    ISTIO_WORKSHOP_STATE: path.join(folder, 'state'),
    PLAYWRIGHT_BROWSERS_PATH:
      env.PLAYWRIGHT_BROWSERS_PATH ?? path.join(os.homedir(), '.cache', 'ms-playwright'),
    ISTIO_WORKSHOP_CACHE: env.ISTIO_WORKSHOP_CACHE ?? path.join(os.homedir(), '.cache', 'istio-workshop'),
  };
  const options = {cwd: folder, env: outside, quiet: true, nothrow: true, signal};
  return (...args) => $(options)`${process.execPath} ${path.join(build, 'main.mjs')} ${args}`;
}
