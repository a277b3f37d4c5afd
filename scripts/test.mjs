/** `npm test`: its own set-up (packages, build, a browser), then types, style and every test. */
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {ensureBuilt, ensureInstalled, requireNode} from './set-up.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = path.join(root, 'node_modules', '.bin');
requireNode();
ensureInstalled(root);
ensureBuilt(root);

function run(name, command, args) {
  const startedAt = Date.now();
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: {...process.env, NO_COLOR: '1'},
  });
  console.error(
    `${result.status === 0 ? '✓' : '✗'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`,
  );
  return result.status === 0;
}

const given = process.argv.slice(2);
// A browser is part of the set-up: without one its tests are skipped, and say so.
run('browser', process.execPath, [path.join(root, '.build', 'verify.mjs'), '--fetch-browser']);
const passed =
  given.length > 0
    ? [run('tests', path.join(bin, 'vitest'), ['run', '--config', 'scripts/vitest.config.mjs', ...given])]
    : [
        run('types', path.join(bin, 'tsc'), ['--noEmit']),
        run('style', path.join(bin, 'biome'), ['check', '.']),
        run('tests', path.join(bin, 'vitest'), ['run', '--config', 'scripts/vitest.config.mjs']),
      ];
process.exit(passed.every(Boolean) ? 0 : 1);
