import {existsSync, readFileSync} from 'node:fs';
import {mkdir, rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {parse, stringify} from 'yaml';
import {exitCodes, messageOf, WorkshopError} from '../../errors.ts';
import {trimmedEnd} from '../../trim.ts';
import {tooDeepAt} from '../../yaml-depth.ts';

interface Named {
  name: string;
  /** Where the file lies that it was read from: what its paths start from. */
  folder: string;
  [field: string]: any;
}

interface Kubeconfig {
  clusters: Named[];
  contexts: Named[];
  users: Named[];
  current: string | undefined;
}

/** One context with all that it needs, and nothing of the others. */
export interface MinifiedContext {
  name: string;
  /** `https://…` of its cluster. */
  server: string;
  text: string;
}

/** The kubeconfig files that kubectl would read: those of KUBECONFIG, else the one in the home folder. */
export function kubeconfigFiles(options: {
  given: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
}): readonly string[] {
  if (options.given) return [path.resolve(options.given)];
  const listed = (options.env['KUBECONFIG'] ?? '').split(path.delimiter).filter(Boolean);
  return listed.length > 0 ? listed : [path.join(options.home, '.kube', 'config')];
}

/** Merges kubeconfig files as kubectl does: of equal names the first counts, and a missing file is an empty one. */
function readKubeconfigs(files: readonly string[]): Kubeconfig {
  const merged: Kubeconfig = {clusters: [], contexts: [], users: [], current: undefined};
  for (const file of files.filter(candidate => existsSync(candidate))) {
    const content = parseFile(file);
    const folder = path.dirname(file);
    for (const list of ['clusters', 'contexts', 'users'] as const) {
      for (const entry of content[list] ?? []) {
        if (merged[list].some(({name}) => name === entry.name)) continue;
        merged[list].push({...entry, folder});
      }
    }
    merged.current ??= content['current-context'] || undefined;
  }
  return merged;
}

function parseFile(file: string): any {
  try {
    const text = readFileSync(file, 'utf8');
    if (tooDeepAt(text) !== undefined) throw new Error('it nests too deep');
    const content: unknown = parse(text) ?? {};
    if (typeof content !== 'object' || Array.isArray(content)) throw new Error('it is no mapping');
    return content;
  } catch (error) {
    throw new WorkshopError({
      code: 'bad-kubeconfig',
      message: `The kubeconfig ${file} can't be read.`,
      detail: messageOf(error),
      remedies: ['See what kubectl says of it: kubectl config view', 'Name another one: --kubeconfig FILE'],
      cause: error,
    });
  }
}

/** Certificates and keys that lie in files are taken in, so that the copy stands by itself. */
const embedded: Readonly<Record<string, string>> = {
  'certificate-authority': 'certificate-authority-data',
  'client-certificate': 'client-certificate-data',
  'client-key': 'client-key-data',
};

/** @throws WorkshopError when a file that it names is not there. */
function flattened({folder, ...entry}: Named): Omit<Named, 'folder'> {
  const copy: Omit<Named, 'folder'> = structuredClone(entry);
  const part = copy['cluster'] ?? copy['user'];
  if (!part) return copy;
  for (const [key, data] of Object.entries(embedded)) {
    if (typeof part[key] !== 'string') continue;
    part[data] ??= readNamed(path.resolve(folder, part[key])).toString('base64');
    delete part[key];
  }
  if (typeof part.tokenFile === 'string') part.tokenFile = path.resolve(folder, part.tokenFile);
  const command = part.exec?.command;
  // kubectl takes a relative path of a plugin as relative to the kubeconfig.
  if (typeof command === 'string' && command.includes(path.sep))
    part.exec.command = path.resolve(folder, command);
  return copy;
}

function readNamed(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new WorkshopError({
      code: 'bad-kubeconfig',
      message: `The kubeconfig names the file ${file}, which can't be read.`,
      detail: messageOf(error),
      remedies: ['Choose another context: --context NAME', 'Name another kubeconfig: --kubeconfig FILE'],
      cause: error,
    });
  }
}

/**
 * A server as both of our clients take it: client-node puts a path behind it as it stands, and refuses HTTP without
 * TLS unless its certificates are not to be looked at, of which HTTP has none.
 */
function plainServer(cluster: Omit<Named, 'folder'>): Omit<Named, 'folder'> {
  const server = trimmedEnd(String(cluster['cluster']?.server ?? ''), '/');
  const unverified = server.startsWith('http:') ? {'insecure-skip-tls-verify': true} : {};
  return {...cluster, cluster: {...cluster['cluster'], server, ...unverified}};
}

/**
 * One context of the user's kubeconfig, with its cluster and user, as `kubectl config view --minify --flatten` has it.
 * @throws WorkshopError `no-context` that lists those there are.
 */
export function minifyKubeconfig(files: readonly string[], wanted: string | undefined): MinifiedContext {
  const {clusters, contexts, users, current} = readKubeconfigs(files);
  const name = wanted ?? current;
  const context = contexts.find(candidate => candidate.name === name);
  const cluster = clusters.find(candidate => candidate.name === context?.['context']?.cluster);
  const user = users.find(candidate => candidate.name === context?.['context']?.user);
  if (!name || !context || !cluster) {
    const message = !name
      ? 'The kubeconfig names no current context.'
      : context
        ? `The context "${name}" names a cluster that the kubeconfig does not have.`
        : `There is no context "${name}" in the kubeconfig.`;
    throw new WorkshopError({
      code: 'no-context',
      message,
      detail: `read: ${files.join(', ')}`,
      remedies:
        contexts.length > 0
          ? [`Choose one of: ${contexts.map(candidate => candidate.name).join(', ')} (--context NAME)`]
          : ['Name a kubeconfig: --kubeconfig FILE', 'Or learn on the built-in sandbox: --engine sandbox'],
      exitCode: exitCodes.environment,
    });
  }
  return {
    name,
    server: trimmedEnd(String(cluster['cluster']?.server ?? ''), '/'),
    text: stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': name,
      contexts: [flattened(context)],
      clusters: [plainServer(flattened(cluster))],
      users: user ? [flattened(user)] : [],
    }),
  };
}

/** Writes it for this user alone: it holds credentials. */
export async function writeKubeconfig(file: string, {text}: MinifiedContext): Promise<void> {
  await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
  await writeFile(`${file}.new`, text, {mode: 0o600});
  await rename(`${file}.new`, file);
}
