import type {IstioObject} from '../../../runner/istio/types.ts';
import {addressIn} from './addresses.ts';
import {callers} from './callers.ts';
import {
  type ServicePort,
  type WorldOptions,
  type WorldPod,
  type WorldService,
  worldServices,
} from './services.ts';

/** When the first object of a case was made. */
const firstMade = 1_700_000_000_000;

/** Older than every object of a case. */
export const before = timestamp(firstMade - 1_000_000);

/** As Kubernetes writes times: without fractions of a second. */
function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000', '');
}

/**
 * The objects as `kubectl apply` leaves them, one after the other: the last of a name stays, its age is that of the
 * first. Each is a second younger than the one before.
 */
export function applied(
  objects: readonly IstioObject[],
  {namespace = 'bookinfo', sameSecond = false}: WorldOptions = {},
): IstioObject[] {
  const kept = new Map<string, IstioObject>();
  for (const [index, object] of objects.entries()) {
    const own = object.metadata.namespace ?? namespace;
    const key = `${object.kind}/${own}/${object.metadata.name}`;
    const creationTimestamp =
      kept.get(key)?.metadata.creationTimestamp ??
      object.metadata.creationTimestamp ??
      timestamp(firstMade + (sameSecond ? 0 : index * 1000));
    kept.set(key, {
      ...object,
      apiVersion: object.apiVersion ?? 'networking.istio.io/v1',
      metadata: {...object.metadata, namespace: own, creationTimestamp},
    });
  }
  return [...kept.values()];
}

export interface KubernetesObjects {
  namespaces: IstioObject[];
  services: IstioObject[];
  pods: IstioObject[];
  endpointSlices: IstioObject[];
}

/** The world as the objects that both sides are built from. */
export function kubernetesObjects(options?: WorldOptions): KubernetesObjects {
  const services = worldServices(options);
  const {ingress, client} = callers;
  return {
    namespaces: ['bookinfo', 'other', 'default', 'istio-system', 'istio-ingress'].map(name => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {name, labels: {'kubernetes.io/metadata.name': name}, creationTimestamp: before},
    })),
    services: [
      ...services.map(service => serviceObject(service, {app: service.name})),
      serviceObject(
        {...ingress, clusterIP: addressIn.gatewayService, ports: [{port: 80, name: 'http2', targetPort: 80}]},
        {istio: 'ingressgateway'},
      ),
    ],
    pods: [
      ...services.flatMap(({namespace, pods}) => pods.map(pod => podObject({...pod, namespace}))),
      podObject(client),
      podObject(ingress),
    ],
    endpointSlices: [
      ...services.map(service => sliceObject(service, service.pods, 9080)),
      sliceObject({...ingress, ports: [{port: 80, name: 'http2'}]}, [ingress], 80),
    ],
  };
}

function serviceObject(
  {name, namespace, clusterIP, ports}: Pick<WorldService, 'name' | 'namespace' | 'clusterIP' | 'ports'>,
  selector: Record<string, string>,
): IstioObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name, namespace, creationTimestamp: before},
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      selector,
      ports: ports.map(port => ({targetPort: 9080, protocol: 'TCP', ...port})),
    },
  };
}

/** Pods that have a proxy, as injection marks them. */
const proxied = Object.values(callers).filter(({kind}) => kind === 'sidecar');

function podObject({name, namespace, ip, labels}: WorldPod & {namespace: string}): IstioObject {
  const sidecar = proxied.some(caller => caller.name === name && caller.namespace === namespace);
  const mark: Record<string, string> = sidecar ? {'security.istio.io/tlsMode': 'istio'} : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name, namespace, labels: {...labels, ...mark}, creationTimestamp: before},
    spec: {serviceAccountName: name, containers: []},
    status: {
      phase: 'Running',
      podIP: ip,
      podIPs: [{ip}],
      conditions: [{type: 'Ready', status: 'True'}],
    },
  };
}

function sliceObject(
  {name, namespace, ports}: {name: string; namespace: string; ports: readonly ServicePort[]},
  pods: readonly WorldPod[],
  port: number,
): IstioObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-1`,
      namespace,
      labels: {'kubernetes.io/service-name': name},
      creationTimestamp: before,
    },
    addressType: 'IPv4',
    endpoints: pods.map(pod => ({
      addresses: [pod.ip],
      conditions: {ready: true, serving: true, terminating: false},
      targetRef: {kind: 'Pod', name: pod.name, namespace},
    })),
    ports: ports.map(own => ({name: own.name ?? '', port, protocol: 'TCP'})),
  };
}
