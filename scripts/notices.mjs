/** The licences of the packages inside the bundles: those who wrote them ask for it. */
import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';

/**
 * One text with each package's name, version and licence.
 * @param inputs files that were bundled, relative to the root
 * @throws Error that names a package without a licence: such a one can't be given on.
 */
export async function noticesOf(root, inputs) {
  const folders = new Set(
    [...inputs].flatMap(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  const notices = await Promise.all([...folders].sort().map(folder => noticeOf(path.join(root, folder))));
  return [...new Set(notices)].join(`\n${'-'.repeat(80)}\n\n`);
}

async function noticeOf(folder) {
  const {name, version, license} = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter(file => /^(licen[cs]e|notice|copying)\b/i.test(file)).sort();
  if (files.length === 0 && !license) throw new Error(`${name} ${version} has no licence.`);
  const texts = await Promise.all(files.map(file => readFile(path.join(folder, file), 'utf8')));
  return [`${name} ${version}: ${license}`, '', ...texts.map(text => text.trim()), ''].join('\n');
}
