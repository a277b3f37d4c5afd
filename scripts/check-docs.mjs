/** `npm run docs`: every path that a README or a lab names exists, and every npm script it names too. */
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const {scripts} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const pages = [
  'README.md',
  'runner/README.md',
  ...readdirSync(path.join(root, 'labs'), {withFileTypes: true})
    .filter(entry => entry.isDirectory())
    .map(entry => `labs/${entry.name}/lab.md`),
];
const problems = [];

for (const page of pages) {
  const text = readFileSync(path.join(root, page), 'utf8');
  for (const [index, line] of text.split('\n').entries()) {
    const place = `${page}:${index + 1}`;
    for (const [, target] of line.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      if (!existsSync(path.join(root, path.dirname(page), target)))
        problems.push(`${place}: ${target} is not there`);
    }
    for (const [, target] of line.matchAll(/`((?:runner|verify|scripts|labs|\.ci)\/[\w./-]*)`/g)) {
      if (!existsSync(path.join(root, target))) problems.push(`${place}: ${target} is not there`);
    }
    for (const [, script] of line.matchAll(/npm run ([\w:-]+)/g)) {
      if (!scripts[script]) problems.push(`${place}: there is no npm script "${script}"`);
    }
  }
}

for (const problem of problems) console.log(problem);
console.error(problems.length === 0 ? `${pages.length} pages are right` : `${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
