/** The built program with a sandbox whose sources were altered: a mesh that does not do what it was told. */
import {cpSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {build} from 'esbuild';

/** @throws Error where the text that is to be replaced does not stand in its file exactly once. */
export function altered(text, {file, from, to}) {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times, and not once:\n${from}`);
  return parts.join(to);
}

/** The sources that change, by their paths: one file may change in several places. */
export function alteredSources(root, changes) {
  const sources = new Map();
  for (const change of changes) {
    const file = path.join(root, change.file);
    sources.set(file, altered(sources.get(file) ?? readFileSync(file, 'utf8'), change));
  }
  return sources;
}

/** Copies the built program, and gives the copy a sandbox with these changes. @returns its folder */
export async function alteredProgram({root, build: built, folder, changes}) {
  const program = path.join(folder, 'program');
  cpSync(built, program, {recursive: true, force: true});
  const sources = alteredSources(root, changes);
  await build({
    absWorkingDir: root,
    entryPoints: ['runner/sandbox/main.ts'],
    outfile: path.join(program, 'sandbox.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'warning',
    banner: {
      js: "import {createRequire} from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'altered',
        setup({onLoad}) {
          onLoad({filter: /\.ts$/}, ({path: file}) => {
            const contents = sources.get(file);
            return contents === undefined ? undefined : {contents, loader: 'ts'};
          });
        },
      },
    ],
  });
  return program;
}
