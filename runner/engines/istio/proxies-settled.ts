import {get} from 'node:http';
import {forwardTo} from '../kube/forward.ts';
import type {Kube} from '../kube/kube.ts';
import {isReady} from '../kube/pods.ts';

/** One proxy in istiod's `/debug/syncz`: what was last sent, and what the proxy said it has taken. */
export type SyncStatus = Readonly<Record<string, unknown>>;

const kinds = ['cluster', 'listener', 'route', 'endpoint'] as const;

/**
 * Whether every proxy has acknowledged what its istiod last sent. A kind that was never sent to a proxy has
 * empty nonces on both sides.
 */
export function isSettled(proxies: readonly SyncStatus[]): boolean {
  return proxies.every(proxy =>
    kinds.every(kind => (proxy[`${kind}_sent`] ?? '') === (proxy[`${kind}_acked`] ?? '')),
  );
}

/** Those in some namespaces: a proxy is named `POD.NAMESPACE`. */
export function proxiesIn(
  proxies: readonly SyncStatus[],
  namespaces: readonly string[] | undefined,
): readonly SyncStatus[] {
  if (!namespaces) return proxies;
  return proxies.filter(({proxy}) => namespaces.includes(String(proxy).split('.').at(-1) ?? ''));
}

/**
 * Asks each istiod's debug endpoint over a port-forward. From the pod's own loopback it needs no token, also where
 * debug endpoints are restricted (`allowAuthenticatedOrLocalhost` of Istio 1.27 to 1.30, pilot/pkg/xds/debug.go).
 * @param namespaces whose proxies count; in a mesh that others use too, theirs may be broken for good.
 * @returns undefined when there is no istiod or it can't be asked, for want of rights for example.
 */
export async function proxiesSettled(
  kube: Kube,
  signal: AbortSignal,
  namespaces?: readonly string[],
): Promise<boolean | undefined> {
  try {
    const pods = (await kube.list('pods', {labels: 'app=istiod'})).filter(isReady);
    if (pods.length === 0) return undefined;
    const answers = await Promise.all(
      pods.map(pod =>
        askSyncz(kube, {name: pod.metadata.name, namespace: pod.metadata.namespace ?? ''}, signal),
      ),
    );
    const proxies = proxiesIn(answers.flat(), namespaces);
    return proxies.length === 0 ? undefined : isSettled(proxies);
  } catch {
    return undefined;
  }
}

const monitoringPort = 15014;
const timeoutMilliseconds = 3000;

async function askSyncz(
  kube: Kube,
  pod: {name: string; namespace: string},
  signal: AbortSignal,
): Promise<readonly SyncStatus[]> {
  const forward = await forwardTo({
    config: kube.config,
    targets: async () => [{namespace: pod.namespace, pod: pod.name, port: monitoringPort}],
  });
  try {
    const text = await new Promise<string>((resolve, reject) => {
      const request = get(
        {
          host: '127.0.0.1',
          port: forward.port,
          path: '/debug/syncz',
          agent: false,
          signal,
          timeout: timeoutMilliseconds,
        },
        response => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', chunk => {
            body += chunk;
          });
          response.on('end', () =>
            response.statusCode === 200 ? resolve(body) : reject(new Error(`status ${response.statusCode}`)),
          );
          response.on('error', reject);
        },
      );
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', reject);
    });
    // For no proxies it is `[]`, and `null` before the first one has ever come.
    return (JSON.parse(text) as SyncStatus[] | null) ?? [];
  } finally {
    await forward.close();
  }
}
