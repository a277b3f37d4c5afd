/**
 * Bundles the program into .build/, so that it starts fast: the app with what it loads later in chunks, the
 * sandbox, the verifier, and the two small tools each as one file. Compiles the labs to JSON. With package.json and
 * labs/ that is the whole package: whatever it needs lies in it, so it has no dependencies.
 */
import {chmod, cp, mkdir, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {build} from 'esbuild';
import {fastStart, lightPackages} from './fast-start.mjs';
import {noticesOf} from './notices.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = path.resolve(root, process.argv[2] ?? '.build');
const staging = `${target}-${process.pid}`;

/** CommonJS packages inside an ES module bundle still want this. */
const requireBanner = [
  "import {createRequire as __createRequire} from 'node:module';",
  'const require = __createRequire(import.meta.url);',
  '',
].join('\n');

/** Everything is minified: what people feel at every command is how long its code takes to be read. */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  outExtension: {'.js': '.mjs'},
  // Playwright's files find each other by their own paths, so it lies beside the bundles as it is.
  external: ['playwright-core', 'react-devtools-core'],
  define: {
    'process.env.NODE_ENV': '"production"',
    'process.env.DEV': '"false"',
    // sixel assigns to this undeclared variable, which an ES module may not.
    UPNG: 'globalThis.UPNG',
  },
  alias: lightPackages,
  plugins: [fastStart],
  minify: true,
  logLevel: 'warning',
};

/** Every file of which something is in a bundle, relative to the root. */
const inputs = new Set();

async function bundle(options) {
  const {outputFiles, metafile} = await build({...common, ...options, write: false, metafile: true});
  for (const output of Object.values(metafile.outputs)) {
    for (const [file, {bytesInOutput}] of Object.entries(output.inputs))
      if (bytesInOutput > 0) inputs.add(file);
  }
  for (const {path: file, text} of outputFiles) {
    await mkdir(path.dirname(file), {recursive: true});
    // Making a `require` takes a while, and only few of the files call it.
    await writeFile(file, /\brequire\b/.test(text) ? requireBanner + text : text);
  }
}

async function executable(file, text) {
  await writeFile(file, text);
  await chmod(file, 0o755);
}

/** A wrapper that runs one of our bundles with the Node that runs us, or else with the one on PATH. */
function wrapper(bundleFromTools) {
  return ['#!/bin/sh', `exec "\${ISTIO_WORKSHOP_NODE:-node}" "\${0%/*}/${bundleFromTools}" "$@"`, ''].join(
    '\n',
  );
}

/** Playwright without what only its own windows and a compiler read: that is a third of it. */
async function copyPlaywright() {
  const from = path.join(root, 'node_modules', 'playwright-core');
  const unused = ['types', 'index.d.ts', 'lib/vite', 'README.md'].map(name => path.join(from, name));
  await cp(from, path.join(staging, 'node_modules', 'playwright-core'), {
    recursive: true,
    filter: file => !unused.includes(file),
  });
}

const startedAt = performance.now();
await rm(staging, {recursive: true, force: true});
await mkdir(path.join(staging, 'tools', 'bin'), {recursive: true});
await Promise.all([
  bundle({
    entryPoints: {
      main: 'runner/main.ts',
      learner: 'runner/cli/learner/thread.ts',
      verify: 'verify/main.ts',
    },
    outdir: staging,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  }),
  bundle({entryPoints: {sandbox: 'runner/sandbox/main.ts'}, outdir: staging}),
  bundle({
    entryPoints: {kubectl: 'runner/sandbox/tools/kubectl/main.ts', helm: 'runner/sandbox/tools/helm/main.ts'},
    outdir: path.join(staging, 'tools'),
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  }),
  bundle({entryPoints: {catalog: 'runner/catalog/catalog.ts'}, outdir: staging}),
  // Not minified and for any Node: it has to say a sentence where the Node is too old for everything else.
  bundle({
    entryPoints: {bin: 'scripts/bin.mjs'},
    outdir: staging,
    external: ['./main.mjs'],
    target: 'node14.18',
    minify: false,
  }),
  copyPlaywright(),
]);
const {compileLabs} = await import(pathToFileURL(path.join(staging, 'catalog.mjs')).href);
await writeFile(path.join(staging, 'labs.json'), JSON.stringify(await compileLabs(path.join(root, 'labs'))));
await rm(path.join(staging, 'catalog.mjs'));
await writeFile(path.join(staging, 'THIRD-PARTY.txt'), await noticesOf(root, inputs));
await executable(path.join(staging, 'tools/bin/kubectl'), wrapper('../kubectl.mjs'));
await executable(path.join(staging, 'tools/bin/helm'), wrapper('../helm.mjs'));
await executable(path.join(staging, 'tools/bin/istio-workshop'), wrapper('../../main.mjs'));
await chmod(path.join(staging, 'bin.mjs'), 0o755);
await rm(target, {recursive: true, force: true});
await rename(staging, target);
console.error(
  `built ${path.relative(root, target)}/ in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
);
