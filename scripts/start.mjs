/**
 * `npm start`: sets up what is missing and runs the app. Needs nothing but Node, and says so in one sentence
 * where Node is too old; that is why it imports nothing that could fail to load.
 */
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {ensureBuilt, ensureInstalled, requireNode} from './set-up.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
requireNode();
ensureInstalled(root);
ensureBuilt(root);

const main = path.join(root, '.build', 'main.mjs');
if (!fs.existsSync(main)) {
  console.error(`error: ${main} is not there after the build.`);
  process.exit(70);
}
const run = spawnSync(process.execPath, [main, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: {...process.env, ISTIO_WORKSHOP_NODE: process.execPath, ISTIO_WORKSHOP_COMMAND: 'npm start --'},
});
if (run.status === null && process.stdin.isTTY) {
  // Killed without a chance to tidy up: give the terminal back as it was.
  spawnSync('stty', ['sane'], {stdio: 'inherit'});
  process.stdout.write('\u001B[?25h');
}
process.exit(run.status ?? (run.signal === 'SIGINT' ? 130 : 143));
