import type {KubeObject} from '../objects.ts';
import type {Store} from '../store/store.ts';
import {invalid} from './failures.ts';

const firstNodePort = 30_000;
const lastNodePort = 32_767;
const service = {group: '', kind: 'Service'};

/**
 * Gives a Service its cluster IP (10.96.0.0/16) and node ports (30000-32767), and keeps those it had.
 * The next free number is taken, so that the same commands give the same addresses.
 * @throws ApiError 422 when a port or an IP that was asked for is taken.
 */
export function allocateAddresses(object: KubeObject, previous: KubeObject | undefined, store: Store): void {
  const spec = object['spec'];
  if (!spec) return;
  const others = store
    .list('services')
    .filter(
      each =>
        each.metadata.name !== object.metadata.name || each.metadata.namespace !== object.metadata.namespace,
    );
  allocateClusterIp(object, previous, others);
  allocateNodePorts(object, previous, others);
}

function allocateClusterIp(object: KubeObject, previous: KubeObject | undefined, others: KubeObject[]): void {
  const spec = object['spec'];
  if (spec.type === 'ExternalName') {
    if (previous && previous['spec'].type !== 'ExternalName') {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    return;
  }
  const taken = new Set(others.map(each => each['spec']?.clusterIP));
  const before = previous?.['spec'].type === 'ExternalName' ? undefined : previous?.['spec'].clusterIP;
  if (!spec.clusterIP) spec.clusterIP = before ?? spec.clusterIPs?.[0] ?? freeClusterIp(taken);
  else if (spec.clusterIP !== 'None' && taken.has(spec.clusterIP)) {
    const message = `Invalid value: ["${spec.clusterIP}"]: failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`;
    throw invalid(service, object.metadata.name, [
      {reason: 'FieldValueInvalid', field: 'spec.clusterIPs', message},
    ]);
  }
  spec.clusterIPs = [spec.clusterIP];
}

function freeClusterIp(taken: ReadonlySet<string>): string {
  for (let number = 1; number < 0xffff; number += 1) {
    // The first addresses stay for the services that a cluster always has: kubernetes and kube-dns.
    if (number > 1 && number <= 10) continue;
    const ip = `10.96.${number >> 8}.${number & 0xff}`;
    if (!taken.has(ip)) return ip;
  }
  throw new Error('no free cluster IP');
}

function allocateNodePorts(object: KubeObject, previous: KubeObject | undefined, others: KubeObject[]): void {
  const spec = object['spec'];
  const wanted =
    spec.type === 'NodePort' ||
    (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  if (!wanted) {
    const had = previous && ['NodePort', 'LoadBalancer'].includes(previous['spec'].type);
    if (had && spec.type === 'ClusterIP') for (const port of spec.ports ?? []) delete port.nodePort;
    return;
  }
  const taken = new Set<number>(others.flatMap(each => each['spec']?.ports ?? []).map(port => port.nodePort));
  const kept = new Map<string, number>(
    (previous?.['spec'].ports ?? []).map((port: any) => [portKey(port), port.nodePort]),
  );
  (spec.ports ?? []).forEach((port: any, index: number) => {
    if (port.nodePort) {
      if (taken.has(port.nodePort)) {
        const message = `Invalid value: ${port.nodePort}: provided port is already allocated`;
        throw invalid(service, object.metadata.name, [
          {reason: 'FieldValueInvalid', field: `spec.ports[${index}].nodePort`, message},
        ]);
      }
    } else port.nodePort = kept.get(portKey(port)) ?? freeNodePort(taken);
    taken.add(port.nodePort);
  });
}

function portKey(port: any): string {
  return `${port.protocol ?? 'TCP'}/${port.port}`;
}

function freeNodePort(taken: ReadonlySet<number>): number {
  for (let port = firstNodePort + 80; port <= lastNodePort; port += 1) if (!taken.has(port)) return port;
  throw new Error('no free node port');
}
