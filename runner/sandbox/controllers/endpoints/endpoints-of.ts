import type {Pod, Service, ServicePort} from '../../objects.ts';
import {isReady} from '../pods.ts';

export interface ServiceEndpoint {
  pod: Pod;
  ip: string;
  ready: boolean;
  serving: boolean;
  terminating: boolean;
}

export interface EndpointPort {
  name: string;
  port: number;
  protocol: string;
  appProtocol?: string;
}

/** Endpoints that have the same port numbers; pods that name a port differently end in different groups. */
export interface EndpointGroup {
  ports: EndpointPort[];
  endpoints: ServiceEndpoint[];
}

/** Where a Service's traffic can go: the pods it selects that can be reached, by name. */
export function endpointsOf(service: Service, pods: readonly Pod[]): EndpointGroup[] {
  const groups = new Map<string, EndpointGroup>();
  for (const pod of pods.toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))) {
    const ip = pod.status.podIP as string;
    const ports = (service.spec.ports ?? []).flatMap(port => resolvePort(port, pod));
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? {ports, endpoints: []};
    const terminating = pod.metadata.deletionTimestamp !== undefined;
    const serving = isReady(pod);
    const always = service.spec['publishNotReadyAddresses'] === true;
    group.endpoints.push({pod, ip, ready: always || (serving && !terminating), serving, terminating});
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The pod's port behind a Service port; none when the pod has no port of the name that `targetPort` gives. */
function resolvePort(port: ServicePort, pod: Pod): EndpointPort[] {
  const protocol = port.protocol ?? 'TCP';
  const target = port.targetPort ?? port.port;
  const number = typeof target === 'number' ? target : namedPort(pod, target, protocol);
  if (number === undefined) return [];
  const {appProtocol} = port;
  return [{name: port.name ?? '', port: number, protocol, ...(appProtocol ? {appProtocol} : {})}];
}

function namedPort(pod: Pod, name: string, protocol: string): number | undefined {
  const sidecars = (pod.spec.initContainers ?? []).filter(container => container.restartPolicy === 'Always');
  return [...pod.spec.containers, ...sidecars]
    .flatMap(container => container.ports ?? [])
    .find(port => port.name === name && (port.protocol ?? 'TCP') === protocol)?.containerPort;
}
