import {readdir, readFile, stat} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {type ApiResource, findKind, findResource, groupVersionOf, pathOf} from '../shared/discovery.ts';
import type {FlagSpec} from '../shared/flags.ts';
import {readAll, ToolError, type ToolIo} from '../shared/io.ts';
import {StatusError} from '../shared/rest.ts';
import type {Session} from '../shared/session.ts';
import {parseYamlDocuments, YamlError} from '../shared/yaml.ts';
import type {Invocation} from './command.ts';
import {UnreadError} from './errors.ts';

/** `-f` and `-R`. */
export const fileFlags: readonly FlagSpec[] = [
  {name: 'filename', short: 'f', type: 'list', usage: 'The files that contain the objects.'},
  {
    name: 'recursive',
    short: 'R',
    type: 'bool',
    usage: 'Process the directory used in -f, --filename recursively.',
  },
  {name: 'kustomize', short: 'k', type: 'string', usage: 'Not supported by the built-in kubectl.'},
];

export const selectorFlag: FlagSpec = {
  name: 'selector',
  short: 'l',
  type: 'string',
  usage: 'Selector (label query) to filter on',
};

/** An object of a file. */
export interface Manifest {
  file: string;
  object: any;
}

/** Something a command works on: named by an argument, found by a selector, or read from a file. */
export interface Target {
  type: ApiResource;
  namespace: string | undefined;
  name: string;
  /** From the server, or from the file when it came from there. */
  object?: any;
  file?: string;
}

/** The resource that a learner's word means. @throws ToolError as kubectl does. */
export async function resourceOf(session: Session, word: string): Promise<ApiResource> {
  const found = findResource(await session.discovery(), word);
  if (!found) throw new ToolError(`error: the server doesn't have a resource type "${word}"`);
  return found;
}

async function filesIn(path: string, recursive: boolean): Promise<string[]> {
  const files: string[] = [];
  for (const entry of (await readdir(path, {withFileTypes: true})).sort((left, right) =>
    left.name < right.name ? -1 : 1,
  )) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) {
      if (recursive) files.push(...(await filesIn(inner, recursive)));
    } else if (/\.(?:json|ya?ml)$/.test(entry.name)) {
      files.push(inner);
    }
  }
  return files;
}

async function textsOf(
  io: ToolIo,
  name: string,
  recursive: boolean,
): Promise<{file: string; text: string}[]> {
  if (name === '-') return [{file: 'STDIN', text: await readAll(io.stdin)}];
  if (/^https?:\/\//.test(name)) {
    throw new ToolError(
      `error: istio-workshop's small built-in kubectl does not read URLs: download ${name} first`,
    );
  }
  const path = resolve(io.cwd, name);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new ToolError(`error: the path "${name}" does not exist`);
  const files = found.isDirectory()
    ? (await filesIn(path, recursive)).map(file => name.replace(/\/?$/, file.slice(path.length)))
    : [name];
  if (files.length === 0) {
    throw new ToolError(`error: error reading [${name}]: recognized file extensions are [.json .yaml .yml]`);
  }
  return Promise.all(files.map(async file => ({file, text: await readFile(resolve(io.cwd, file), 'utf8')})));
}

/** @throws UnreadError as kubectl does. */
function checkShape({file, object}: Manifest): void {
  const isObject = typeof object === 'object' && !Array.isArray(object);
  const amiss = isObject
    ? ['apiVersion', 'kind'].filter(field => !object[field]).map(field => `${field} not set`)
    : ['invalid object to validate'];
  if (amiss.length === 0) return;
  const list = amiss.length === 1 ? amiss[0] : `[${amiss.join(', ')}]`;
  throw new UnreadError(
    `error validating ${JSON.stringify(file)}: error validating data: ${list}; if you choose to ignore these errors, turn validation off with --validate=false`,
  );
}

/** Reads `-f` arguments; Lists are taken apart. @throws ToolError as kubectl does. */
export async function readManifests(invocation: Invocation): Promise<Manifest[]> {
  const {io, flags} = invocation;
  if (flags.has('kustomize')) {
    throw new ToolError(
      "error: istio-workshop's small built-in kubectl does not build kustomizations (-k): use the real one (https://kubernetes.io/docs/tasks/tools/)",
    );
  }
  const manifests: Manifest[] = [];
  for (const name of flags.list('filename').flatMap(list => list.split(','))) {
    for (const {file, text} of await textsOf(io, name, flags.bool('recursive'))) {
      let documents: unknown[];
      try {
        documents = await parseYamlDocuments(text);
      } catch (error) {
        if (!(error instanceof YamlError)) throw error;
        throw new ToolError(`error: error parsing ${file}: error converting YAML to JSON: ${error.message}`);
      }
      for (const object of documents as any[]) {
        if (object === null || object === undefined) continue;
        const items = /List$/.test(object.kind) && Array.isArray(object.items) ? object.items : [object];
        for (const item of items) manifests.push({file, object: item});
      }
    }
  }
  if (manifests.length === 0)
    throw new ToolError(`error: no objects passed to ${invocation.path.split(' ').at(-1)}`);
  return manifests;
}

/** The resource and place of a manifest. @throws UnreadError, ToolError as kubectl does. */
export async function targetOf(invocation: Invocation, manifest: Manifest): Promise<Target> {
  const {session, flags} = invocation;
  const {file, object} = manifest;
  checkShape(manifest);
  const type = findKind(await session.discovery(), object.apiVersion, object.kind);
  if (!type) {
    throw new UnreadError(
      `resource mapping not found for name: "${object.metadata?.name ?? ''}" namespace: "${object.metadata?.namespace ?? ''}" from "${file}": no matches for kind "${object.kind}" in version "${object.apiVersion}"\nensure CRDs are installed first`,
    );
  }
  const asked = flags.optional('namespace');
  const own = object.metadata?.namespace;
  if (type.namespaced && asked && own && asked !== own) {
    throw new ToolError(
      `error: the namespace from the provided object "${own}" does not match the namespace "${asked}". You must pass '--namespace=${own}' to perform this operation.`,
    );
  }
  const namespace = type.namespaced ? (own ?? (await session.namespace())) : undefined;
  return {type, namespace, name: object.metadata?.name ?? '', object, file};
}

/** `pod/x`, `deployment.apps/x`: how kubectl says which object it means. */
export function shown(type: ApiResource, name: string): string {
  return `${type.group === '' ? type.singular : `${type.singular}.${type.group}`}/${name}`;
}

/** A missing object in a missing namespace: then the namespace is what kubectl names. */
export async function orMissingNamespace(
  session: Session,
  namespace: string | undefined,
  error: unknown,
): Promise<unknown> {
  if (namespace === undefined || !(error instanceof StatusError) || error.code !== 404) return error;
  return (await session.client()).json({path: `/api/v1/namespaces/${namespace}`}).then(
    () => error,
    other => (other instanceof StatusError && other.code === 404 ? other : error),
  );
}

/** Types and names of `pod x y`, `pod/x svc/y`, `pods,svc`. @throws ToolError as kubectl does. */
export async function parseTypeArgs(
  invocation: Invocation,
  args: readonly string[],
): Promise<{type: ApiResource; names: string[]}[]> {
  const {session} = invocation;
  const slashed = args.filter(arg => arg.includes('/'));
  if (slashed.length > 0 && slashed.length < args.length) {
    throw new ToolError(
      "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. '" +
        `${invocation.path} resource/<resource_name>' instead of '${invocation.path} resource resource/<resource_name>'`,
    );
  }
  if (slashed.length > 0) {
    const parts: {type: ApiResource; names: string[]}[] = [];
    for (const arg of args) {
      const pieces = arg.split('/');
      const [word = '', name = ''] = pieces;
      if (pieces.length !== 2)
        throw new ToolError('error: arguments in resource/name form may not have more than one slash');
      if (word === '' || name === '')
        throw new ToolError('error: arguments in resource/name form must have a single resource and name');
      parts.push({type: await resourceOf(session, word), names: [name]});
    }
    return parts;
  }
  const [words = '', ...names] = args;
  const types: ApiResource[] = [];
  for (const word of words.split(',')) {
    if (word === 'all') types.push(...(await categoryOf(session, 'all')));
    else {
      const category = findResource(await session.discovery(), word) ? [] : await categoryOf(session, word);
      types.push(...(category.length > 0 ? category : [await resourceOf(session, word)]));
    }
  }
  return types.map(type => ({type, names}));
}

async function categoryOf(session: Session, category: string): Promise<ApiResource[]> {
  const seen = new Set<string>();
  return (await session.discovery()).resources.filter(type => {
    const key = `${type.resource}.${type.group}`;
    if (!type.categories.includes(category) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export interface FindOptions {
  /** Without names: all (`--all`) or a selector must be given unless this is set. */
  allowAll?: boolean;
  /** Missing objects are left out instead of failing. */
  ignoreMissing?: boolean;
  /** Do not fetch what is named. */
  namesOnly?: boolean;
}

/** The objects that `-f`, names, `-l` or `--all` mean, fetched. Errors of single objects are collected. */
export async function findTargets(
  invocation: Invocation,
  args: readonly string[],
  options: FindOptions = {},
): Promise<{targets: Target[]; errors: unknown[]}> {
  const {session, flags} = invocation;
  const targets: Target[] = [];
  const errors: unknown[] = [];
  const client = await session.client();
  const fetch = async (target: Target) => {
    try {
      const object = options.namesOnly ? undefined : await client.json({path: pathOf(target.type, target)});
      targets.push({...target, object: object ?? target.object});
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (!(options.ignoreMissing && error.code === 404))
        errors.push(await orMissingNamespace(session, target.namespace, error));
    }
  };
  if (flags.has('filename') || flags.has('kustomize')) {
    if (args.length > 0)
      throw new ToolError(
        'error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      );
    for (const manifest of await readManifests(invocation)) await fetch(await targetOf(invocation, manifest));
    return {targets, errors};
  }
  if (args.length === 0) {
    throw new ToolError(
      "error: You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
    );
  }
  const selector = flags.optional('selector');
  const fieldSelector = flags.optional('field-selector');
  for (const {type, names} of await parseTypeArgs(invocation, args)) {
    const namespace =
      type.namespaced && !flags.bool('all-namespaces') ? await session.namespace() : undefined;
    if (names.length > 0) {
      if (selector) throw new ToolError('error: name cannot be provided when a selector is specified');
      for (const name of names) await fetch({type, namespace, name});
      continue;
    }
    if (!options.allowAll && !selector && !fieldSelector && !flags.bool('all')) {
      throw new ToolError('error: resource(s) were provided, but no name was specified');
    }
    const list = await client.json({
      path: pathOf(type, {namespace}),
      query: {labelSelector: selector, fieldSelector},
    });
    for (const item of list.items) {
      targets.push({
        type,
        namespace: item.metadata.namespace,
        name: item.metadata.name,
        object: {apiVersion: groupVersionOf(type), kind: type.kind, ...item},
      });
    }
  }
  return {targets, errors};
}
