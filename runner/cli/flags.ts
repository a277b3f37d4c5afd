import {parseArgs} from 'node:util';
import type {GlobalOptions} from './options.ts';

interface Flag {
  /** As commander writes it: `--name <value>`, or `--name` alone for a switch. */
  flags: string;
  help: string;
}

/** The options that every command takes. */
export const globalFlags: readonly Flag[] = [
  {
    flags: '--workshop <name>',
    help: 'which workshop; each has its own cluster and progress (default: "default")',
  },
  {flags: '--engine <engine>', help: 'where a new workshop runs: sandbox (default), kind or context'},
  {
    flags: '--pace <pace>',
    help: 'sandbox: fast (default), or real: images, programs and changes take their time',
  },
  {flags: '--work-folder <dir>', help: 'where your files lie (default: ~/istio-workshop)'},
  {
    flags: '--context <name>',
    help: 'the kubeconfig context of the engine context (default: the current one)',
  },
  {flags: '--kubeconfig <file>', help: 'a kubeconfig other than your own, for the engine context'},
  {flags: '--yes', help: 'agree beforehand that the labs change the cluster of that context'},
  {flags: '--images <path>', help: 'kind: an image archive, or a folder of them, to load into the node'},
  {
    flags: '--charts <path>',
    help: "kind, context: a folder of Istio's charts (*.tgz), or a repository's URL",
  },
  {flags: '--node-image <ref>', help: 'kind: another image of the node than ours'},
  {flags: '--hub <host>', help: 'kind: a registry that mirrors the others'},
  {flags: '--json', help: 'print one JSON event a line'},
  {flags: '--plain', help: 'plain lines instead of the app'},
  {flags: '--no-color', help: 'no colour (NO_COLOR works too)'},
  {flags: '--debug', help: 'show stacks'},
];

/** The options of `verify`, which reads them itself; here they are for the help and for completion. */
export const verifyFlags: readonly Flag[] = [
  {flags: '--url <url>', help: 'the page, e.g. http://localhost:8080/productpage'},
  {
    flags: '--expect <what>',
    help: 'black | anonymous=red,jason=black,john=none | none=50%,red=50% | seen:black,red',
  },
  {
    flags: '--loads <n>',
    help: 'loads of each visitor that must all be right (10); of all visitors for a mix (600)',
  },
  {flags: '--settle <seconds>', help: 'how long wrong answers count as "not yet" (15)'},
  {flags: '--start-up <seconds>', help: 'how long no answer counts as "not yet" (120)'},
  {
    flags: '--screenshots <dir>',
    help: "keep a picture for each visitor, and the page's HTML when it is wrong",
  },
  {flags: '--fetch-browser', help: 'only find a browser, or fetch one where there is none'},
];

/** Options that were read, as a command line once more: those of `flags` that were given. */
export function asArguments(flags: readonly Flag[], options: object): string[] {
  return flags.flatMap(({flags: text}) => {
    const name = text.split(' ')[0] as string;
    const value = (options as Record<string, unknown>)[camelCase(name.slice(2))];
    if (value === undefined) return [];
    return value === true ? [name] : [`${name}=${value}`];
  });
}

/**
 * Reads a command line that holds nothing but global options: the one that opens the app, which should not wait for
 * the whole command line to be loaded.
 * @returns nothing for any other command line, right or wrong: that is for the whole command line to judge.
 */
export function onlyGlobalOptions(argv: readonly string[]): GlobalOptions | undefined {
  const options = Object.fromEntries(
    globalFlags.map(({flags}) => {
      const [name = '', value] = flags.replace('--no-', '--').slice(2).split(' ');
      return [name, {type: value ? ('string' as const) : ('boolean' as const)}];
    }),
  );
  try {
    const {values} = parseArgs({args: [...argv], options, allowNegative: true});
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value]));
  } catch {
    return undefined;
  }
}

/** As commander names what it read: `work-folder` is `workFolder`. */
function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
