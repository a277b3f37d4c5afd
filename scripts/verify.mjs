/** `npm run verify -- --url URL --expect jason=black,john=none`: the browser's verdict alone, on any cluster. */
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {ensureBuilt, ensureInstalled, requireNode} from './set-up.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
requireNode();
ensureInstalled(root);
ensureBuilt(root);
const run = spawnSync(process.execPath, [path.join(root, '.build', 'verify.mjs'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(run.status ?? 130);
