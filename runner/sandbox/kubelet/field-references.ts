import type {Container, Pod} from '../objects.ts';
import {parseQuantity} from './quantities.ts';

/** What the kubelet knows of a pod beyond its object, while it starts a container. */
export interface PodFacts {
  pod: Pod;
  podIP: string;
  hostIP: string;
  /** Of the node; the default of limits that are not set. */
  allocatable: {cpu: string; memory: string};
}

/** A `fieldRef` of the downward API; undefined when there is no such field. */
export function fieldValue({pod, podIP, hostIP}: PodFacts, fieldPath: string): string | undefined {
  const {metadata, spec} = pod;
  const keyed = /^metadata\.(?<map>labels|annotations)\['(?<key>[^']+)'\]$/.exec(fieldPath);
  if (keyed?.groups) {
    const map = keyed.groups['map'] === 'labels' ? metadata.labels : metadata.annotations;
    return map?.[keyed.groups['key'] ?? ''] ?? '';
  }
  switch (fieldPath) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid ?? '';
    case 'metadata.labels':
      return lines(metadata.labels);
    case 'metadata.annotations':
      return lines(metadata.annotations);
    case 'spec.nodeName':
      return spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? '';
    case 'status.podIP':
    case 'status.podIPs':
      return podIP;
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIP;
    default:
      return undefined;
  }
}

const lines = (map: Record<string, string> = {}) =>
  Object.entries(map)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');

/** A `resourceFieldRef`: in units of its divisor, rounded up; limits that are not set are the node's. */
export function resourceValue(facts: PodFacts, container: Container, reference: any): string {
  const from = reference.containerName
    ? [...facts.pod.spec.containers, ...(facts.pod.spec.initContainers ?? [])].find(
        one => one.name === reference.containerName,
      )
    : container;
  const [kind = '', name = ''] = String(reference.resource).split('.', 2);
  const resources = from?.resources ?? {};
  const fallback = kind === 'limits' ? facts.allocatable[name as 'cpu' | 'memory'] : '0';
  const amount = parseQuantity(resources[kind]?.[name] ?? resources.limits?.[name] ?? fallback ?? '0');
  const divisor = parseQuantity(reference.divisor ?? '1') || 1;
  return String(Math.ceil(amount / divisor - 1e-9));
}
