import {readFile} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {ToolError, type ToolIo} from './io.ts';
import {parseYaml} from './yaml.ts';

interface Named {
  name: string;
  [field: string]: any;
}

export interface Kubeconfig {
  'current-context'?: string;
  clusters: Named[];
  contexts: Named[];
  users: Named[];
  [field: string]: any;
}

/** A kubeconfig file as it is on disk, with the folder that its relative paths start from. */
export interface KubeconfigFile {
  path: string;
  content: any;
}

/** Which cluster to speak to and as whom. */
export interface Connection {
  server: string;
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  token?: string;
  username?: string;
  password?: string;
  insecure: boolean;
  serverName?: string;
  namespace: string;
  contextName: string;
}

/** The files kubectl reads: `--kubeconfig`, else $KUBECONFIG's list, else ~/.kube/config. */
export function kubeconfigPaths(env: ToolIo['env'], explicit: string | undefined): string[] {
  if (explicit) return [explicit];
  if (env['KUBECONFIG']) return env['KUBECONFIG'].split(':').filter(path => path !== '');
  return [join(env['HOME'] ?? '/', '.kube', 'config')];
}

/** Reads those that exist; one that was named explicitly must. @throws ToolError */
export async function readKubeconfigFiles(
  paths: readonly string[],
  explicit: boolean,
): Promise<KubeconfigFile[]> {
  const files: KubeconfigFile[] = [];
  for (const path of paths) {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' && !explicit) continue;
      const why =
        code === 'ENOENT'
          ? 'no such file or directory'
          : code === 'EACCES'
            ? 'permission denied'
            : String(error);
      if (code === 'ENOENT') throw new ToolError(`error: stat ${path}: ${why}`);
      throw new ToolError(`error: error loading config file "${path}": open ${path}: ${why}`);
    }
    let content: any;
    try {
      content = await parseYaml(text);
    } catch (error) {
      throw new ToolError(`error: error loading config file "${path}": ${(error as Error).message}`);
    }
    files.push({path, content: content ?? {}});
  }
  return files;
}

const pathFields: Record<string, readonly string[]> = {
  clusters: ['certificate-authority'],
  users: ['client-certificate', 'client-key', 'tokenFile'],
};

/** Merges files as kubectl does: the first to name a thing wins. */
export function mergeKubeconfig(files: readonly KubeconfigFile[]): Kubeconfig {
  const merged: Kubeconfig = {clusters: [], contexts: [], users: []};
  for (const {path, content} of files) {
    merged['current-context'] ||= content['current-context'];
    for (const section of ['clusters', 'contexts', 'users'] as const) {
      for (const entry of content[section] ?? []) {
        if (merged[section].some(existing => existing.name === entry.name)) continue;
        const inner = section.slice(0, -1);
        const body = {...entry[inner]};
        for (const field of pathFields[section] ?? []) {
          if (body[field]) body[field] = resolve(dirname(path), body[field]);
        }
        merged[section].push({name: entry.name, [inner]: body});
      }
    }
  }
  return merged;
}

export interface ConnectionOverrides {
  context?: string | undefined;
  cluster?: string | undefined;
  user?: string | undefined;
  server?: string | undefined;
  token?: string | undefined;
  namespace?: string | undefined;
  insecure?: boolean;
}

function bytes(data: string | undefined): Buffer | undefined {
  return data ? Buffer.from(data, 'base64') : undefined;
}

/**
 * The cluster and credentials of a context. Without any configuration that is `http://localhost:8080`, as with
 * kubectl. @throws ToolError in kubectl's words.
 */
export async function connectionOf(
  config: Kubeconfig,
  overrides: ConnectionOverrides = {},
): Promise<Connection> {
  const contextName = overrides.context || config['current-context'] || '';
  const context = config.contexts.find(entry => entry.name === contextName)?.['context'];
  if (overrides.context && !context)
    throw new ToolError(
      `Error in configuration: context was not found for specified context: ${contextName}`,
    );
  const clusterName = overrides.cluster || context?.cluster;
  const cluster = config.clusters.find(entry => entry.name === clusterName)?.['cluster'];
  const userName = overrides.user || context?.user;
  const user = config.users.find(entry => entry.name === userName)?.['user'];
  if (overrides.cluster && !cluster) throw new ToolError(`error: cluster "${clusterName}" does not exist`);
  if (overrides.user && !user) throw new ToolError(`error: auth info "${userName}" does not exist`);
  if (user?.exec || user?.['auth-provider']) {
    throw new ToolError(
      `error: user "${userName}" gets its credentials from a plugin, which istio-workshop's small built-in tool does not run: install the real one (https://kubernetes.io/docs/tasks/tools/)`,
    );
  }
  const file = async (path: string | undefined) => (path ? await readFile(path) : undefined);
  const ca =
    bytes(cluster?.['certificate-authority-data']) ?? (await file(cluster?.['certificate-authority']));
  const cert = bytes(user?.['client-certificate-data']) ?? (await file(user?.['client-certificate']));
  const key = bytes(user?.['client-key-data']) ?? (await file(user?.['client-key']));
  const token = overrides.token ?? user?.token ?? (await file(user?.tokenFile))?.toString('utf8').trim();
  return {
    server: (overrides.server ?? cluster?.server ?? 'http://localhost:8080').replace(/\/$/, ''),
    ...(ca ? {ca} : {}),
    ...(cert ? {cert} : {}),
    ...(key ? {key} : {}),
    ...(token ? {token} : {}),
    ...(user?.username ? {username: user.username, password: user.password ?? ''} : {}),
    insecure: overrides.insecure ?? cluster?.['insecure-skip-tls-verify'] ?? false,
    ...(cluster?.['tls-server-name'] ? {serverName: cluster['tls-server-name']} : {}),
    namespace: overrides.namespace || context?.namespace || 'default',
    contextName,
  };
}
