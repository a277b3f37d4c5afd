/** The kinds of Istio and of the Gateway API that istiod watches, by the version that is served. */
export const customKinds: Readonly<Record<string, readonly string[]>> = {
  'networking.istio.io/v1': [
    'VirtualService',
    'DestinationRule',
    'ServiceEntry',
    'Sidecar',
    'Gateway',
    'WorkloadEntry',
    'WorkloadGroup',
  ],
  'networking.istio.io/v1alpha3': ['EnvoyFilter'],
  'networking.istio.io/v1beta1': ['ProxyConfig'],
  'security.istio.io/v1': ['PeerAuthentication', 'RequestAuthentication', 'AuthorizationPolicy'],
  'telemetry.istio.io/v1': ['Telemetry'],
  'gateway.networking.k8s.io/v1': ['GatewayClass', 'Gateway', 'HTTPRoute', 'GRPCRoute'],
  'gateway.networking.k8s.io/v1beta1': ['ReferenceGrant'],
};

/** Other kinds that istiod lists, mostly to find none, by group. */
const builtInKinds: Readonly<Record<string, readonly string[]>> = {
  '': ['ConfigMap', 'Secret', 'Node', 'Service', 'Pod', 'Namespace', 'ServiceAccount', 'Endpoints'],
  'discovery.k8s.io': ['EndpointSlice'],
  apps: ['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet'],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'admissionregistration.k8s.io': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  'networking.k8s.io': ['Ingress', 'IngressClass'],
  'coordination.k8s.io': ['Lease'],
  autoscaling: ['HorizontalPodAutoscaler'],
  policy: ['PodDisruptionBudget'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
};

export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

export function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') return lower;
  if (/(policy|entry|proxy)$/.test(lower)) return `${lower.slice(0, -1)}ies`;
  return lower.endsWith('s') ? `${lower}es` : `${lower}s`;
}

/** The kind behind `group/plural`. */
export const kindOf: ReadonlyMap<string, string> = new Map([
  ...Object.entries(builtInKinds).flatMap(([group, kinds]) =>
    kinds.map((kind): [string, string] => [`${group}/${pluralOf(kind)}`, kind]),
  ),
  ...Object.entries(customKinds).flatMap(([apiVersion, kinds]) =>
    kinds.map((kind): [string, string] => [`${groupOf(apiVersion)}/${pluralOf(kind)}`, kind]),
  ),
]);

/** The version in which the API hands an object out, whatever version it was written in. */
export function servedVersion(apiVersion: string, kind: string): string {
  const group = groupOf(apiVersion);
  const served = Object.keys(customKinds).find(
    candidate => groupOf(candidate) === group && customKinds[candidate]?.includes(kind),
  );
  return served ?? apiVersion;
}
