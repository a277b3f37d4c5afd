/**
 * What the bundle does differently from its packages so that the first frame comes soon: each entry here was a
 * tenth or more of a bare start of Node. What the code does stays the same; only when something is loaded changes.
 */
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

/**
 * Yoga, ink's layout engine, reads its embedded WebAssembly by `fetch` of a data URL where there is one, and that
 * loads Node's whole HTTP client. Without `fetch` it decodes the text itself.
 */
function yogaWithoutFetch({onLoad}) {
  onLoad({filter: /yoga-wasm-base64-esm\.js$/}, async ({path: file}) => ({
    contents: `const fetch = undefined;\n${await readFile(file, 'utf8')}`,
  }));
}

/**
 * An import of `node:process` reads every property of it, some of which load a module; the global one is the same.
 * A name that a package imports and that is not listed here fails the build.
 */
function globalProcess({onResolve, onLoad}) {
  const names = 'cwd, env, execArgv, execPath, hrtime, platform';
  // A `require` gives the object itself and reads nothing.
  onResolve({filter: /^node:process$/}, ({kind}) =>
    kind === 'require-call' ? undefined : {path: 'process', namespace: 'global'},
  );
  onLoad({filter: /^process$/, namespace: 'global'}, () => ({
    contents: `export default process;\nexport const {${names}} = process;`,
  }));
}

/** What is imported at the top of a file and called late or never: each function loads its module when it is called. */
const late = {
  'node:child_process': {
    importer: /node_modules[\\/](?:commander|terminal-size)[\\/]/,
    functions: ['spawn', 'execFileSync'],
  },
  // It builds all its expressions when it is loaded; the chooser shows no Markdown.
  marked: {importer: /runner[\\/]ui[\\/]markdown[\\/]/, functions: ['lexer']},
};

function lateModules({onResolve, onLoad}) {
  const named = new RegExp(`^(?:${Object.keys(late).join('|')})$`);
  onResolve({filter: named}, ({path: name, importer}) =>
    late[name].importer.test(importer)
      ? {path: name, namespace: 'late', pluginData: path.dirname(importer)}
      : undefined,
  );
  onLoad({filter: named, namespace: 'late'}, ({path: name, pluginData}) => ({
    contents: late[name].functions
      .map(each => `exports.${each} = (...args) => require('${name}').${each}(...args);`)
      .join('\n'),
    resolveDir: pluginData,
  }));
}

/** Ink's text packages load Unicode's tables to cut even plain text into graphemes; ours does so only for what needs it. */
function lightGraphemes({onLoad}) {
  const ours = fileURLToPath(new URL('../runner/ui/graphemes.ts', import.meta.url));
  onLoad(
    {filter: /node_modules[\\/](?:@alcalzone[\\/]ansi-tokenize|slice-ansi)[\\/].*\.js$/},
    async ({path: file}) => {
      const text = await readFile(file, 'utf8');
      if (!text.includes('Intl.Segmenter')) return undefined;
      const own = `import {GraphemeSegmenter} from ${JSON.stringify(ours)};`;
      return {contents: `${own}\n${text.replaceAll('Intl.Segmenter', 'GraphemeSegmenter')}`};
    },
  );
}

/** For esbuild's `plugins`. */
export const fastStart = {
  name: 'fast-start',
  setup(build) {
    yogaWithoutFetch(build);
    globalProcess(build);
    lateModules(build);
    lightGraphemes(build);
  },
};

/** For esbuild's `alias`: string-width compiles the set of all emoji when it is loaded. */
export const lightPackages = {'string-width': 'fast-string-width'};
