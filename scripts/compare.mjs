/** `npm run compare -- KIND …`: the product beside real istiod and Envoy. Bundles `compare/main.ts` and runs it. */
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {withBundle} from './bundle.mjs';
import {ensureInstalled, requireNode} from './set-up.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
requireNode();
ensureInstalled(root);
process.exitCode = await withBundle(root, 'scripts/compare/main.ts', bundle => {
  const args = ['--enable-source-maps', bundle, ...process.argv.slice(2)];
  return spawnSync(process.execPath, args, {stdio: 'inherit', cwd: root}).status ?? 130;
});
