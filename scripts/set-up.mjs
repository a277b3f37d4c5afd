/** The set-up that `npm start` and `npm test` share: Node's version, the packages, the build. */
import {spawnSync} from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const oldest = [20, 19];

/** Ends the process with one sentence when this Node is too old. */
export function requireNode() {
  const found = process.versions.node.split('.').map(Number);
  if (found[0] > oldest[0] || (found[0] === oldest[0] && found[1] >= oldest[1])) return;
  console.error(
    `istio-workshop needs Node ${oldest.join('.')} or later; this is ${process.versions.node}. Install a newer one from https://nodejs.org and try again.`,
  );
  process.exit(3);
}

/** Installs the packages that package-lock.json names, when they are not there as it names them. */
export function ensureInstalled(root) {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'));
  const wanted = crypto.createHash('sha256').update(lock).digest('hex');
  const mark = path.join(root, 'node_modules', '.istio-workshop');
  if (readText(mark) === wanted) return;
  step(`installing ${Object.keys(JSON.parse(lock).packages).length - 1} packages from npm`, () => {
    // No package may need an install script; the browser is looked for later, only when a check needs it.
    const install = spawnSync(
      'npm',
      // Not `npm ci`: it refuses where a registry lacks the optional packages of other platforms.
      [
        'install',
        '--no-save',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--include=dev',
        // Where `npm pack --dry-run` runs us.
        '--dry-run=false',
        '--loglevel=error',
      ],
      {cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32'},
    );
    if (install.status !== 0) {
      fail(
        'npm could not install the packages.',
        'Check the network and the npm registry (npm ping), then run it again.',
      );
    }
    fs.writeFileSync(mark, wanted);
  });
}

/** Builds .build/ when a source file is newer than it. */
export function ensureBuilt(root) {
  const built = path.join(root, '.build', 'labs.json');
  const builtAt = fs.existsSync(built) ? fs.statSync(built).mtimeMs : 0;
  const sources = ['runner', 'verify', 'labs', 'scripts/build.mjs', 'package-lock.json'].map(name =>
    path.join(root, name),
  );
  if (sources.every(source => newest(source) <= builtAt)) return;
  step('building', () => {
    const build = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    if (build.status !== 0)
      fail('The build failed.', 'Undo your last change, or run `npm run typecheck` to see where.');
  });
}

function newest(file) {
  const stat = fs.statSync(file);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...fs.readdirSync(file).map(name => newest(path.join(file, name))));
}

function step(name, run) {
  const startedAt = Date.now();
  console.error(`• ${name} …`);
  run();
  console.error(`✓ ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}

function fail(sentence, remedy) {
  console.error(`error: ${sentence}\n  → ${remedy}`);
  process.exit(3);
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
