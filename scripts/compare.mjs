/** `npm run compare -- KIND …`: the product beside real istiod and Envoy. Bundles `compare/main.ts` and runs it. */
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {ensureInstalled, requireNode} from './set-up.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
requireNode();
ensureInstalled(root);

const {buildSync} = await import('esbuild');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'compare-'));
const outfile = path.join(folder, 'compare.mjs');
buildSync({
  absWorkingDir: root,
  entryPoints: ['scripts/compare/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  logLevel: 'warning',
  banner: {
    js: "import {createRequire} from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
});
const run = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
fs.rmSync(folder, {recursive: true, force: true});
process.exit(run.status ?? 130);
