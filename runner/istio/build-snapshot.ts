import {joinEndpoints} from './join-endpoints.ts';
import {entryPortProtocol, protocolKind, servicePortProtocol, speaksHttp2} from './protocol.ts';
import {
  defaultMeshConfig,
  type Endpoint,
  labelsMatch,
  type MeshConfig,
  type MeshPort,
  type MeshService,
  type MeshSnapshot,
  type Workload,
} from './snapshot.ts';
import type {IstioObject, ServiceEntry} from './types.ts';

/** Kubernetes' and Istio's objects as the API hands them out; only what is read here must be there. */
export interface SnapshotInput {
  services: readonly IstioObject[];
  pods: readonly IstioObject[];
  namespaces?: readonly IstioObject[];
  /** For services without a selector. */
  endpointSlices?: readonly IstioObject[];
  config: readonly IstioObject[];
  meshConfig?: Partial<MeshConfig>;
}

/** Puts together what the proxies route by. Pure, so it serves the sandbox and a look at a real cluster. */
export function buildSnapshot(input: SnapshotInput): MeshSnapshot {
  const workloads = input.pods.flatMap(pod => workloadOf(pod));
  return {
    services: joinEndpoints([
      ...input.services.flatMap(service => kubernetesService(service, input, workloads)),
      ...input.config
        .filter(object => object.kind === 'ServiceEntry')
        .flatMap(entry => entryServices(entry, workloads)),
    ]),
    workloads,
    namespaces: (input.namespaces ?? []).map(({metadata}) => ({
      name: metadata.name,
      labels: metadata.labels ?? {},
    })),
    config: input.config,
    meshConfig: {...defaultMeshConfig, ...input.meshConfig},
  };
}

/** A pod that has an address and is not on its way out. */
export function workloadOf(pod: IstioObject): Workload[] {
  const ip: string | undefined = pod.status?.podIP;
  if (!ip || pod.status.phase !== 'Running') return [];
  const conditions: {type: string; status: string}[] = pod.status.conditions ?? [];
  const labels = pod.metadata.labels ?? {};
  return [
    {
      name: pod.metadata.name,
      namespace: pod.metadata.namespace ?? '',
      ip,
      labels,
      serviceAccount: pod.spec?.serviceAccountName ?? 'default',
      ready:
        !(pod.metadata as {deletionTimestamp?: string}).deletionTimestamp &&
        conditions.some(condition => condition.type === 'Ready' && condition.status === 'True'),
      mutualTls: labels['security.istio.io/tlsMode'] === 'istio',
      workload: workloadName(pod),
      ...variantOf(pod),
    },
  ];
}

/** Bookinfo's images that misbehave on purpose; SERVICE_VERSION wins over the image (samples/bookinfo/src/ratings). */
function variantOf(pod: IstioObject): Pick<Workload, 'variant'> {
  const containers: {image?: string; env?: {name: string; value?: string}[]}[] = pod.spec?.containers ?? [];
  for (const {image = '', env = []} of containers) {
    const [, ofImage] = /examples-bookinfo-ratings-(v[\w-]+)/.exec(image) ?? [];
    if (ofImage === undefined) continue;
    const variant = env.find(({name}) => name === 'SERVICE_VERSION')?.value ?? ofImage;
    return variant.startsWith('v-') ? {variant} : {};
  }
  return {};
}

/** The name of what made the pod: a ReplicaSet's hash is cut off, as istiod does for its metrics. */
export function workloadName(pod: IstioObject): string {
  const owners = (pod.metadata as {ownerReferences?: {kind: string; name: string; controller?: boolean}[]})
    .ownerReferences;
  const owner = owners?.find(candidate => candidate.controller);
  if (!owner) return pod.metadata.name;
  const hash = pod.metadata.labels?.['pod-template-hash'];
  if (owner.kind === 'ReplicaSet' && hash && owner.name.endsWith(`-${hash}`)) {
    return owner.name.slice(0, -hash.length - 1);
  }
  return owner.name;
}

function kubernetesService(
  service: IstioObject,
  input: SnapshotInput,
  workloads: readonly Workload[],
): MeshService[] {
  const {name, namespace = ''} = service.metadata;
  const spec = service.spec ?? {};
  if (spec.type === 'ExternalName') return [];
  const clusterIP: string = spec.clusterIP ?? '';
  const headless = clusterIP === 'None';
  const selected = spec.selector
    ? workloads.filter(pod => pod.namespace === namespace && labelsMatch(spec.selector, pod.labels))
    : undefined;
  const podsByName = new Map(input.pods.map(pod => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]));
  return [
    {
      hostname: `${name}.${namespace}.svc.cluster.local`,
      name,
      namespace,
      source: 'kubernetes',
      addresses: clusterIP && !headless ? [clusterIP] : [],
      headless,
      external: false,
      resolution: 'static',
      created: service.metadata.creationTimestamp ?? '',
      exportTo: exportToOf(service.metadata.annotations?.['networking.istio.io/exportTo']?.split(',')),
      labels: service.metadata.labels ?? {},
      selector: spec.selector,
      ports: (spec.ports ?? []).map((port: any): MeshPort => {
        const targetPort = port.targetPort ?? port.port;
        return {
          number: port.port,
          name: port.name ?? '',
          ...protocolOf(servicePortProtocol(port)),
          targetPort,
          endpoints: selected
            ? selected.flatMap(workload => endpointOf(workload, podsByName, targetPort))
            : sliceEndpoints(name, namespace, port, input.endpointSlices ?? []),
        };
      }),
    },
  ];
}

function endpointOf(
  workload: Workload,
  pods: ReadonlyMap<string, IstioObject>,
  targetPort: number | string,
): Endpoint[] {
  if (!workload.ready) return [];
  const pod = pods.get(`${workload.namespace}/${workload.name}`);
  const port = typeof targetPort === 'number' ? targetPort : pod && containerPort(pod, targetPort);
  return port ? [{ip: workload.ip, port, labels: workload.labels, workload}] : [];
}

/** The number behind a named container port. */
export function containerPort(pod: IstioObject, name: string): number | undefined {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  for (const container of containers) {
    for (const port of container.ports ?? []) if (port.name === name) return port.containerPort;
  }
  return undefined;
}

function sliceEndpoints(
  name: string,
  namespace: string,
  port: any,
  slices: readonly IstioObject[],
): Endpoint[] {
  return slices
    .filter(
      slice =>
        slice.metadata.namespace === namespace &&
        slice.metadata.labels?.['kubernetes.io/service-name'] === name,
    )
    .flatMap(slice => {
      const slicePort = (slice.ports ?? []).find(
        (candidate: any) => (candidate.name ?? '') === (port.name ?? ''),
      );
      return (slice.endpoints ?? [])
        .filter((endpoint: any) => slicePort && endpoint.conditions?.ready !== false)
        .flatMap((endpoint: any) => endpoint.addresses ?? [])
        .map((ip: string) => ({ip, port: slicePort.port, labels: {}}));
    });
}

function entryServices(entry: ServiceEntry, workloads: readonly Workload[]): MeshService[] {
  const spec = entry.spec ?? {};
  const namespace = entry.metadata.namespace ?? '';
  const resolution = resolutions[spec.resolution ?? 'NONE'] ?? 'none';
  const addresses = spec.addresses?.length ? spec.addresses : [undefined];
  return (spec.hosts ?? []).flatMap(hostname =>
    addresses.map(address => ({
      hostname,
      name: hostname,
      namespace,
      source: 'service-entry' as const,
      ...placeOf(address),
      headless: false,
      external: spec.location !== 'MESH_INTERNAL',
      resolution,
      created: entry.metadata.creationTimestamp ?? '',
      exportTo: exportToOf(spec.exportTo),
      labels: entry.metadata.labels ?? {},
      ...(spec.workloadSelector?.labels ? {selector: spec.workloadSelector.labels} : {}),
      ports: (spec.ports ?? []).map(port => ({
        number: port.number,
        name: port.name ?? '',
        ...protocolOf(entryPortProtocol(port.protocol)),
        targetPort: port.targetPort ?? port.number,
        endpoints: entryEndpoints(spec, hostname, namespace, port, workloads),
      })),
    })),
  );
}

const resolutions: Readonly<Record<string, MeshService['resolution']>> = {
  STATIC: 'static',
  DNS: 'dns',
  DNS_ROUND_ROBIN: 'dns-round-robin',
};

/** An address, or a range of them; one of a single address counts as that. */
function placeOf(address: string | undefined): Pick<MeshService, 'addresses' | 'range'> {
  const single = address?.replace(/\/32$/, '');
  if (single === undefined) return {addresses: []};
  return single.includes('/') ? {addresses: [], range: single} : {addresses: [single]};
}

function protocolOf(name: string): Pick<MeshPort, 'protocol' | 'http2'> {
  return {protocol: protocolKind(name), http2: speaksHttp2(name)};
}

function entryEndpoints(
  spec: NonNullable<ServiceEntry['spec']>,
  hostname: string,
  namespace: string,
  port: {number: number; name?: string; targetPort?: number},
  workloads: readonly Workload[],
): Endpoint[] {
  const target = port.targetPort ?? port.number;
  if (spec.workloadSelector) {
    return workloads
      .filter(
        workload =>
          workload.ready &&
          workload.namespace === namespace &&
          labelsMatch(spec.workloadSelector?.labels, workload.labels),
      )
      .map(workload => ({ip: workload.ip, port: target, labels: workload.labels, workload}));
  }
  if (spec.endpoints?.length) {
    return spec.endpoints
      .filter(endpoint => endpoint.address)
      .map(endpoint => ({
        ip: endpoint.address ?? '',
        port: endpoint.ports?.[port.name ?? ''] ?? target,
        labels: endpoint.labels ?? {},
        workload: workloads.find(workload => workload.ip === endpoint.address),
      }));
  }
  return (spec.resolution ?? '').startsWith('DNS') ? [{ip: hostname, port: target, labels: {}}] : [];
}

function exportToOf(exportTo: readonly string[] | undefined): string[] {
  const list = (exportTo ?? []).map(entry => entry.trim()).filter(entry => entry !== '');
  return list.length > 0 ? list : ['*'];
}
