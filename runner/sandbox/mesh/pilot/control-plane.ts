import {buildSnapshot, workloadOf} from '../../../istio/build-snapshot.ts';
import {readMeshConfig} from '../../../istio/mesh-config.ts';
import type {MeshSnapshot} from '../../../istio/snapshot.ts';
import type {IstioObject} from '../../../istio/types.ts';
import type {ApiClient} from '../../api/client.ts';
import type {Clock, Timer} from '../../clock.ts';
import type {KubeObject} from '../../objects.ts';
import {fastPace, type Pace} from '../../pace.ts';

/** The kinds of Istio that istiod watches. */
export const watchedConfig = [
  'virtualservices.networking.istio.io',
  'destinationrules.networking.istio.io',
  'gateways.networking.istio.io',
  'serviceentries.networking.istio.io',
  'sidecars.networking.istio.io',
  'envoyfilters.networking.istio.io',
  'peerauthentications.security.istio.io',
  'authorizationpolicies.security.istio.io',
  'requestauthentications.security.istio.io',
  'telemetries.telemetry.istio.io',
] as const;

/** A proxy that wants configuration. */
export interface ProxyClient {
  uid: string;
  name: string;
  namespace: string;
  type: 'sidecar' | 'router';
  version: string;
  /** Puts a configuration in force; settled means acknowledged. */
  receive(snapshot: MeshSnapshot, revision: string): Promise<void>;
}

/** How far one proxy is. Revisions are resource versions of the API: they only grow. */
export interface SyncStatus {
  proxy: string;
  uid: string;
  type: 'sidecar' | 'router';
  version: string;
  /** The name of the istiod pod it is connected to. */
  pilot: string;
  sent: string;
  acknowledged: string;
}

export interface ControlPlane {
  /** Makes a proxy known; it gets configuration only once it is connected. @returns the end of that. */
  register(proxy: ProxyClient): () => void;
  /** An istiod took a proxy's connection. @returns what to call when the connection ends. */
  connect(uid: string, pilot: string): () => void;
  /** The newest change that istiod has seen. */
  revision(): string;
  status(): SyncStatus[];
  /** Whether every connected proxy has acknowledged all that istiod has seen, at least up to `resourceVersion`. */
  settled(resourceVersion?: string): boolean;
  snapshot(): MeshSnapshot;
  close(): void;
}

interface Connection {
  pilot: string;
  sent: string;
  acknowledged: string;
  /** What was sent is on its way to the proxy. */
  delivery: Timer | undefined;
}

/** What istiod's replicas share: it watches the API, and pushes to the proxies connected to any of them. */
export function createControlPlane(options: {
  client: ApiClient;
  clock: Clock;
  /** @default fast */
  pace?: Pace;
}): ControlPlane {
  const {client, clock, pace = fastPace} = options;
  const stores = new Map<string, Map<string, KubeObject>>();
  const proxies = new Map<string, ProxyClient>();
  const connections = new Map<string, Connection>();
  /** The newest change that configuration follows from, and the newest of all. */
  let newest = 0;
  let seen = 0;
  let built: {snapshot: MeshSnapshot; revision: number} | undefined;
  let timer: Timer | undefined;

  const resources = ['services', 'namespaces', 'endpointslices.discovery.k8s.io', ...watchedConfig];
  const stops = resources.map(resource => watchInto(resource, () => true));
  stops.push(
    // What does not run is no workload, be there thousands of it.
    watchInto('pods', pod => workloadOf(pod as IstioObject).length > 0),
    watchInto(
      'configmaps',
      ({metadata}) => metadata.name === 'istio' && metadata.namespace === 'istio-system',
    ),
  );

  function watchInto(resource: string, wanted: (object: KubeObject) => boolean): () => void {
    const store = new Map<string, KubeObject>();
    stores.set(resource, store);
    return client.watch(resource, {}, ({type, object}) => {
      const revision = Number(object.metadata.resourceVersion ?? 0);
      seen = Math.max(seen, revision);
      const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
      const had = store.has(key);
      const has = type !== 'DELETED' && wanted(object);
      if (has) store.set(key, object);
      else store.delete(key);
      if (!had && !has) return;
      newest = Math.max(newest, revision);
      built = undefined;
      schedule();
    });
  }

  const all = (resource: string) => [...(stores.get(resource)?.values() ?? [])] as IstioObject[];

  function current(): {snapshot: MeshSnapshot; revision: number} {
    built ??= {
      snapshot: buildSnapshot({
        services: all('services'),
        pods: all('pods'),
        namespaces: all('namespaces'),
        endpointSlices: all('endpointslices.discovery.k8s.io'),
        config: watchedConfig.flatMap(all),
        meshConfig: readMeshConfig(stores.get('configmaps')?.get('istio-system/istio')),
      }),
      revision: newest,
    };
    return built;
  }

  function schedule(): void {
    if (timer || connections.size === 0) return;
    timer = clock.after(pace.debounce, () => {
      timer = undefined;
      for (const uid of connections.keys()) push(uid, pace.delivery());
    });
  }

  /** @param delay milliseconds until the proxy has it. What is on its way is overtaken by what is newer. */
  function push(uid: string, delay = 0): void {
    const connection = connections.get(uid);
    if (!connection || !proxies.has(uid)) return;
    const version = String(current().revision);
    if (connection.sent === version) return;
    connection.sent = version;
    if (delay === 0) deliver(uid, connection);
    else connection.delivery ??= clock.after(delay, () => deliver(uid, connection));
  }

  function deliver(uid: string, connection: Connection): void {
    connection.delivery?.cancel();
    connection.delivery = undefined;
    const proxy = proxies.get(uid);
    if (!proxy || connections.get(uid) !== connection) return;
    const {snapshot, revision} = current();
    const version = String(revision);
    connection.sent = version;
    proxy.receive(snapshot, version).then(
      () => {
        connection.acknowledged = version;
      },
      // Not acknowledged: the proxy keeps what it had, as after a NACK.
      () => {},
    );
  }

  return {
    register(proxy) {
      proxies.set(proxy.uid, proxy);
      push(proxy.uid);
      return () => {
        if (proxies.get(proxy.uid) === proxy) proxies.delete(proxy.uid);
      };
    },
    connect(uid, pilot) {
      const connection: Connection = {pilot, sent: '', acknowledged: '', delivery: undefined};
      connections.set(uid, connection);
      push(uid);
      return () => {
        connection.delivery?.cancel();
        if (connections.get(uid) === connection) connections.delete(uid);
      };
    },
    revision: () => String(newest),
    status: () =>
      [...connections].flatMap(([uid, {pilot, sent, acknowledged}]) => {
        const proxy = proxies.get(uid);
        if (!proxy) return [];
        const {name, namespace, type, version} = proxy;
        return [{proxy: `${name}.${namespace}`, uid, type, version, pilot, sent, acknowledged}];
      }),
    settled(resourceVersion) {
      if (resourceVersion !== undefined && seen < Number(resourceVersion)) return false;
      return [...connections.values()].every(({acknowledged}) => acknowledged === String(newest));
    },
    snapshot: () => current().snapshot,
    close() {
      timer?.cancel();
      for (const {delivery} of connections.values()) delivery?.cancel();
      for (const stop of stops) stop();
      connections.clear();
    },
  };
}
