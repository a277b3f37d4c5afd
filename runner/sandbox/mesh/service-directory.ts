import {containerPort, workloadOf} from '../../istio/build-snapshot.ts';
import {labelsMatch} from '../../istio/snapshot.ts';
import type {ApiClient} from '../api/client.ts';
import type {Random} from '../clock.ts';
import type {KubeObject, Pod, Service} from '../objects.ts';

/** What cluster DNS and kube-proxy know: names, cluster IPs and the ready endpoints behind them. */
export interface ServiceDirectory {
  /** The IP of a name as a pod of that namespace resolves it, or undefined where DNS has no answer. */
  resolve(name: string, namespace: string): string | undefined;
  /**
   * Where a connection to this address ends up: a service IP is exchanged for one ready endpoint, any other
   * address stays. `refused`: a service IP with nothing behind that port.
   */
  translate(ip: string, port: number): {ip: string; port: number} | 'refused';
  close(): void;
}

const ipv4 = /^\d{1,3}(\.\d{1,3}){3}$/;

export function createServiceDirectory({
  client,
  random,
}: {
  client: ApiClient;
  random: Random;
}): ServiceDirectory {
  const services = new Map<string, Service>();
  const servicesByIp = new Map<string, Service>();
  const pods = new Map<string, Pod>();
  const slices = new Map<string, KubeObject>();
  const key = (object: KubeObject) => `${object.metadata.namespace}/${object.metadata.name}`;
  const stops = [
    client.watch<Service>('services', {}, ({type, object}) => {
      const old = services.get(key(object));
      if (old?.spec.clusterIP) servicesByIp.delete(old.spec.clusterIP);
      if (type === 'DELETED') services.delete(key(object));
      else {
        services.set(key(object), object);
        const ip = object.spec.clusterIP;
        if (ip && ip !== 'None') servicesByIp.set(ip, object);
      }
    }),
    client.watch<Pod>('pods', {}, ({type, object}) => {
      // What has no address can't be reached, be there thousands of it.
      if (type === 'DELETED' || !object.status?.podIP) pods.delete(key(object));
      else pods.set(key(object), object);
    }),
    client.watch('endpointslices.discovery.k8s.io', {}, ({type, object}) => {
      if (type === 'DELETED') slices.delete(key(object));
      else slices.set(key(object), object);
    }),
  ];

  function endpoints(service: Service, portNumber: number): {ip: string; port: number; pod?: Pod}[] {
    const port = service.spec.ports?.find(candidate => candidate.port === portNumber);
    if (!port) return [];
    const {namespace} = service.metadata;
    if (!service.spec.selector) return sliceEndpoints(service, port.name ?? '');
    const target = port.targetPort ?? port.port;
    return [...pods.values()].flatMap(pod => {
      if (pod.metadata.namespace !== namespace || !labelsMatch(service.spec.selector, pod.metadata.labels))
        return [];
      const workload = workloadOf(pod)[0];
      if (!workload?.ready && !service.spec['publishNotReadyAddresses']) return [];
      const number = typeof target === 'number' ? target : containerPort(pod, target);
      return number && workload ? [{ip: workload.ip, port: number, pod}] : [];
    });
  }

  function sliceEndpoints(service: Service, portName: string): {ip: string; port: number}[] {
    return [...slices.values()]
      .filter(
        slice =>
          slice.metadata.namespace === service.metadata.namespace &&
          slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name,
      )
      .flatMap(slice => {
        const port = (slice['ports'] ?? []).find((candidate: any) => (candidate.name ?? '') === portName);
        if (!port) return [];
        return (slice['endpoints'] ?? [])
          .filter((endpoint: any) => endpoint.conditions?.ready !== false)
          .flatMap((endpoint: any) =>
            (endpoint.addresses ?? []).map((ip: string) => ({ip, port: port.port})),
          );
      });
  }

  function pick<T>(candidates: readonly T[]): T | undefined {
    return candidates[Math.floor(random() * candidates.length)];
  }

  function resolveFull(name: string, namespace: string): string | undefined {
    const parts = name.replace(/\.$/, '').split('.');
    const domain = parts.slice(-2).join('.');
    const trimmed = domain === 'cluster.local' ? parts.slice(0, -2) : parts;
    const kind = trimmed.at(-1);
    if (kind === 'pod' && trimmed.length === 3) {
      const ip = (trimmed[0] ?? '').replaceAll('-', '.');
      return ipv4.test(ip) ? ip : undefined;
    }
    const path = kind === 'svc' ? trimmed.slice(0, -1) : domain === 'cluster.local' ? [] : trimmed;
    if (path.length === 0 || path.length > 3) return undefined;
    const [first = '', second, third] = path;
    const podName = path.length === 3 ? first : undefined;
    const service = services.get(
      path.length === 3 ? `${third}/${second}` : `${path.length === 2 ? second : namespace}/${first}`,
    );
    if (!service) return undefined;
    const ip = service.spec.clusterIP;
    if (ip && ip !== 'None') return podName ? undefined : ip;
    const backing = (service.spec.ports ?? []).flatMap(port => endpoints(service, port.port));
    const chosen = podName
      ? backing.find(({pod}) => (pod?.spec['hostname'] ?? pod?.metadata.name) === podName)
      : pick(backing);
    return chosen?.ip;
  }

  return {
    resolve(name, namespace) {
      if (ipv4.test(name)) return name;
      return resolveFull(name.toLowerCase(), namespace);
    },
    translate(ip, port) {
      const service = servicesByIp.get(ip);
      if (!service) return {ip, port};
      return pick(endpoints(service, port)) ?? 'refused';
    },
    close() {
      for (const stop of stops) stop();
    },
  };
}
