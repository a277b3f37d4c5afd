import type {Kube, KubeItem} from '../kube/kube.ts';
import {askPod} from '../kube/pod-request.ts';
import {isReady} from '../kube/pods.ts';
import type {ProxyState} from '../port.ts';

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
  const proxies = await askProxies(kube, signal, namespaces);
  return proxies && isSettled(proxies);
}

/** What each proxy was sent last, and whether it has it. @returns undefined as {@link proxiesSettled} does. */
export async function proxyStates(
  kube: Kube,
  signal: AbortSignal,
  namespaces?: readonly string[],
): Promise<readonly ProxyState[] | undefined> {
  const proxies = await askProxies(kube, signal, namespaces);
  return proxies?.map(status => ({
    proxy: String(status['proxy']),
    sent: kinds.map(kind => status[`${kind}_sent`] ?? '').join(' '),
    settled: isSettled([status]),
  }));
}

async function askProxies(
  kube: Kube,
  signal: AbortSignal,
  namespaces: readonly string[] | undefined,
): Promise<readonly SyncStatus[] | undefined> {
  try {
    const pods = (await kube.during(signal).list('pods', {labels: 'app=istiod'})).filter(isReady);
    if (pods.length === 0) return undefined;
    const answers = await Promise.all(pods.map(pod => askSyncz(kube, pod, signal)));
    const proxies = proxiesIn(answers.flat(), namespaces);
    return proxies.length === 0 ? undefined : proxies;
  } catch {
    return undefined;
  }
}

const monitoringPort = 15014;

async function askSyncz(kube: Kube, pod: KubeItem, signal: AbortSignal): Promise<readonly SyncStatus[]> {
  const {status, body} = await askPod({kube, pod, port: monitoringPort, path: '/debug/syncz', signal});
  if (status !== 200) throw new Error(`status ${status}`);
  // For no proxies it is `[]`, and `null` before the first one has ever come.
  return (JSON.parse(body) as SyncStatus[] | null) ?? [];
}
