/** Bundles one of the scripts that are written in TypeScript, to be run or imported at once. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Hands the bundle to `use`, and removes it afterwards.
 * @param entry relative to the root of the checkout
 */
export async function withBundle(root, entry, use) {
  const {build} = await import('esbuild');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'istio-workshop-script-'));
  const outfile = path.join(folder, 'script.mjs');
  try {
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
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
    return await use(outfile);
  } finally {
    fs.rmSync(folder, {recursive: true, force: true});
  }
}
