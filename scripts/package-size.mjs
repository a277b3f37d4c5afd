/** Prints how large the package is, as npm packs it: with the dependencies that it carries. */
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const pack = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 2],
});
if (pack.status !== 0) process.exit(pack.status ?? 1);
const [{size, unpackedSize, entryCount}] = JSON.parse(pack.stdout);
const megabytes = bytes => `${(bytes / 1e6).toFixed(1)} MB`;
console.error(
  `package: ${megabytes(size)} packed, ${megabytes(unpackedSize)} unpacked in ${entryCount} files, dependencies included`,
);
