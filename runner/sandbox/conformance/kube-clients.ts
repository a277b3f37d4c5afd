import {once} from 'node:events';
import {type RequestOptions, request} from 'node:https';
import {PassThrough} from 'node:stream';
import {
  AppsV1Api,
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  type V1ConfigMap,
  type V1Status,
} from '@kubernetes/client-node';
import type {Random} from '../clock.ts';

/** What a client was told is done: a name and its data, or nothing once the deletion was answered. */
export type Acknowledged = Map<string, {uid: string; data: Record<string, string>} | undefined>;

export interface KubeClients {
  core: CoreV1Api;
  apps: AppsV1Api;
  objects: KubernetesObjectApi;
  /** One request, for bodies that no client would send. @returns the status code and what came back. */
  raw(method: string, path: string, body: unknown): Promise<{status: number; text: string}>;
  /** Runs a command in a container. @returns what it printed. */
  exec(pod: string, namespace: string, container: string, command: readonly string[]): Promise<string>;
}

/** The official JavaScript client with a sandbox's kubeconfig. */
export function kubeClients(kubeconfigPath: string): KubeClients {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  return {
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    objects: KubernetesObjectApi.makeApiClient(config),
    async raw(method, path, body) {
      const options: RequestOptions = {method, headers: {'content-type': 'application/json'}, agent: false};
      await config.applyToHTTPSOptions(options);
      const outgoing = request(`${config.getCurrentCluster()?.server}${path}`, options);
      outgoing.end(JSON.stringify(body));
      const [response] = await once(outgoing, 'response');
      let text = '';
      for await (const chunk of response) text += chunk;
      return {status: response.statusCode, text};
    },
    async exec(pod, namespace, container, command) {
      const output = new PassThrough();
      let text = '';
      output.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      const status = await new Promise<V1Status>((resolve, reject) => {
        new Exec(config)
          .exec(namespace, pod, container, [...command], output, output, null, false, resolve)
          .catch(reject);
      });
      if (status.status !== 'Success') throw new Error(`${command.join(' ')}: ${status.message} ${text}`);
      return text;
    },
  };
}

/**
 * Writes, changes and deletes ConfigMaps until the server goes away, and notes each answer. What was asked for and not
 * answered may have happened or not, so its name is noted as open.
 */
export async function writeUntilKilled(options: {
  core: CoreV1Api;
  namespace: string;
  random: Random;
  prefix: string;
  acknowledged: Acknowledged;
  open: Set<string>;
}): Promise<void> {
  const {core, namespace, random, prefix, acknowledged, open} = options;
  for (let count = 0; ; count++) {
    const living = [...acknowledged].filter(
      ([key, value]) => key.startsWith(prefix) && value && !open.has(key),
    );
    const [victim] = living[Math.floor(random() * living.length)] ?? [];
    const action = victim === undefined ? 0 : random();
    const name = action < 0.5 || victim === undefined ? `${prefix}-${count}` : victim;
    open.add(name);
    try {
      if (name !== victim) {
        const body = {metadata: {name}, data: {value: String(random())}};
        note(acknowledged, await core.createNamespacedConfigMap({namespace, body}));
      } else if (action < 0.8) {
        const current = await core.readNamespacedConfigMap({namespace, name});
        const body = {...current, data: {value: String(random())}};
        note(acknowledged, await core.replaceNamespacedConfigMap({namespace, name, body}));
      } else {
        await core.deleteNamespacedConfigMap({namespace, name});
        acknowledged.set(name, undefined);
      }
      open.delete(name);
    } catch (error) {
      // An answer of the server, whatever it says, is no end of it.
      if (typeof (error as {code?: unknown}).code === 'number') throw error;
      return;
    }
  }
}

function note(acknowledged: Acknowledged, {metadata, data = {}}: V1ConfigMap): void {
  acknowledged.set(metadata?.name ?? '', {uid: metadata?.uid ?? '', data});
}

/** What differs between the answers that clients got and what is there now; empty when nothing is lost. */
export async function lostWrites(options: {
  core: CoreV1Api;
  namespace: string;
  acknowledged: Acknowledged;
  open: ReadonlySet<string>;
}): Promise<string[]> {
  const {core, namespace, acknowledged, open} = options;
  const {items} = await core.listNamespacedConfigMap({namespace});
  const found = new Map(items.map(item => [item.metadata?.name ?? '', item]));
  return [...acknowledged].flatMap(([name, value]) => {
    if (open.has(name)) return [];
    const item = found.get(name);
    if (!value) return item ? [`${name} is back`] : [];
    if (!item) return [`${name} is lost`];
    const same = item.metadata?.uid === value.uid && item.data?.['value'] === value.data['value'];
    return same ? [] : [`${name} is older than its last answer`];
  });
}

/** Pods as `name uid ip`, sorted. */
export async function podIdentities(core: CoreV1Api, namespace: string): Promise<string[]> {
  const {items} = await core.listNamespacedPod({namespace});
  return items.map(({metadata, status}) => `${metadata?.name} ${metadata?.uid} ${status?.podIP}`).sort();
}
