/**
 * `npm run soak [-- --only NAME,… --rounds N --seed S]`: what takes too long for `npm test`, in parts. Each part is a
 * file under `soak/`, ends within 45 minutes, and tells how long it took and what it counted. Everything is bounded
 * and follows from the seed, which is printed; `--list` names the parts.
 */
import {readdirSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {argv} from 'zx';
import {ensureBuilt, ensureInstalled, requireNode} from './set-up.mjs';
import {runPart} from './soak-part.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = path.join(root, 'scripts', 'soak');
const names = readdirSync(folder)
  .filter(file => file.endsWith('.mjs'))
  .map(file => path.basename(file, '.mjs'))
  .sort();
const only = argv.only === undefined ? names : String(argv.only).split(',');
const unknown = only.filter(name => !names.includes(name));

if (argv.list) {
  for (const name of names) console.log(name);
} else if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; there are: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  requireNode();
  ensureInstalled(root);
  ensureBuilt(root);
  const rounds = Math.max(1, Number(argv.rounds ?? 10) || 10);
  const seed = Number(argv.seed ?? Date.now() % 100_000);
  const build = path.resolve(argv.build ?? path.join(root, '.build'));
  const results = [];
  for (const name of only) {
    const part = await import(path.join(folder, `${name}.mjs`));
    results.push(await runPart({name, part, root, build, rounds, seed}));
  }
  console.log(JSON.stringify({seed, rounds, results}, null, 2));
  process.exitCode = results.every(({passed}) => passed) ? 0 : 1;
}
