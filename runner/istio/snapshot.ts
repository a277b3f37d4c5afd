import type {IstioObject} from './types.ts';

export type Protocol = 'http' | 'tls' | 'tcp' | 'udp' | 'auto';

/** A pod (or an address of a ServiceEntry) that can serve requests. */
export interface Workload {
  name: string;
  namespace: string;
  ip: string;
  labels: Record<string, string>;
  serviceAccount: string;
  ready: boolean;
  /** Has a sidecar that takes Istio mutual TLS (label `security.istio.io/tlsMode: istio`). */
  mutualTls: boolean;
  /** The Deployment (or the like) it belongs to; telemetry names it. */
  workload: string;
  /** A variant of a Bookinfo program that misbehaves on purpose: `v-faulty`. */
  variant?: string;
}

export interface Endpoint {
  ip: string;
  port: number;
  labels: Record<string, string>;
  workload?: Workload;
}

export interface MeshPort {
  number: number;
  name: string;
  protocol: Protocol;
  /** Proxies speak HTTP/2 to what is behind it (`grpc`, `http2`). */
  http2: boolean;
  targetPort: number | string;
  /** Ready ones only. */
  endpoints: readonly Endpoint[];
}

/** A Kubernetes Service, or one host of a ServiceEntry at one of its addresses. */
export interface MeshService {
  hostname: string;
  name: string;
  namespace: string;
  source: 'kubernetes' | 'service-entry';
  /** The cluster IP, or the ServiceEntry's address; empty where it has none. */
  addresses: readonly string[];
  /** The addresses of a ServiceEntry that has a range of them. */
  range?: string;
  headless: boolean;
  /** Outside the mesh: no mutual TLS, and telemetry has no workload. */
  external: boolean;
  /** `none`: to the address that the client dialled. */
  resolution: 'static' | 'dns' | 'dns-round-robin' | 'none';
  created: string;
  exportTo: readonly string[];
  labels: Record<string, string>;
  selector?: Record<string, string>;
  ports: readonly MeshPort[];
}

export interface MeshConfig {
  rootNamespace: string;
  trustDomain: string;
  outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  enableAutoMtls: boolean;
  /** A path such as `/dev/stdout`; empty: no access log. */
  accessLogFile: string;
  accessLogEncoding: 'TEXT' | 'JSON';
  accessLogFormat: string;
  /** `-shadow` on the Host of mirrored requests: up to Istio 1.27. */
  shadowHostSuffix: boolean;
}

/** Everything that decides where a request goes, at one moment. Frozen: a change makes a new one. */
export interface MeshSnapshot {
  services: readonly MeshService[];
  workloads: readonly Workload[];
  namespaces: readonly {name: string; labels: Record<string, string>}[];
  /** Istio's own objects, of all kinds. */
  config: readonly IstioObject[];
  meshConfig: MeshConfig;
}

/** Who routes: the sidecar of a pod, or a gateway. */
export interface MeshProxy {
  kind: 'sidecar' | 'gateway';
  namespace: string;
  name: string;
  ip: string;
  labels: Record<string, string>;
  serviceAccount: string;
}

export const defaultMeshConfig: MeshConfig = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  outboundTrafficPolicy: 'ALLOW_ANY',
  enableAutoMtls: true,
  accessLogFile: '',
  accessLogEncoding: 'TEXT',
  accessLogFormat: '',
  shadowHostSuffix: false,
};

/** The objects of one kind, oldest first; ties by name, then namespace, as Istio sorts them. */
export function configOf<T extends IstioObject>(snapshot: MeshSnapshot, kind: string): T[] {
  const found = snapshot.config.filter(object => object.kind === kind) as T[];
  return found.sort(byAge);
}

export function byAge(left: IstioObject, right: IstioObject): number {
  return (
    compare(left.metadata.creationTimestamp ?? '', right.metadata.creationTimestamp ?? '') ||
    compare(left.metadata.name, right.metadata.name) ||
    compare(left.metadata.namespace ?? '', right.metadata.namespace ?? '')
  );
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

export function labelsMatch(
  wanted: Record<string, string> | undefined,
  labels: Record<string, string> | undefined,
): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => labels?.[key] === value);
}
