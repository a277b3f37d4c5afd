import type {Container, EnvVar, Pod} from '../../objects.ts';
import type {InjectionSettings} from './settings.ts';

const fieldRef = (fieldPath: string): EnvVar['valueFrom'] => ({fieldRef: {fieldPath}});

/** The name of the Deployment (or the like) that the pod comes from. */
export function ownerName(pod: Pod): {kind: string; name: string} {
  const owner = pod.metadata.ownerReferences?.find(reference => reference.controller);
  const hash = pod.metadata.labels?.['pod-template-hash'];
  if (!owner) return {kind: 'Pod', name: pod.metadata.name || (pod.metadata.generateName ?? '')};
  if (owner.kind === 'ReplicaSet' && hash && owner.name.endsWith(`-${hash}`)) {
    return {kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1)};
  }
  return {kind: owner.kind, name: owner.name};
}

/** The proxy's environment, as pilot-agent expects it. */
export function proxyEnvironment(pod: Pod, namespace: string, settings: InjectionSettings): EnvVar[] {
  const owner = ownerName(pod);
  const discovery = `${settings.revision === 'default' ? 'istiod' : `istiod-${settings.revision}`}.${settings.istioNamespace}.svc`;
  const apps = pod.spec.containers.filter(container => container.name !== 'istio-proxy');
  const ports = apps.flatMap(container =>
    (container.ports ?? []).map(port => ({
      ...(port.name ? {name: port.name} : {}),
      containerPort: port.containerPort,
      protocol: port.protocol ?? 'TCP',
    })),
  );
  const kind = owner.kind === 'Pod' ? '/api/v1' : '/apis/apps/v1';
  const entries: EnvVar[] = [
    {name: 'PILOT_CERT_PROVIDER', value: 'istiod'},
    {name: 'CA_ADDR', value: `${discovery}:15012`},
    {name: 'POD_NAME', valueFrom: fieldRef('metadata.name')},
    {name: 'POD_NAMESPACE', valueFrom: fieldRef('metadata.namespace')},
    {name: 'INSTANCE_IP', valueFrom: fieldRef('status.podIP')},
    {name: 'SERVICE_ACCOUNT', valueFrom: fieldRef('spec.serviceAccountName')},
    {name: 'HOST_IP', valueFrom: fieldRef('status.hostIP')},
    {name: 'ISTIO_CPU_LIMIT', valueFrom: {resourceFieldRef: {resource: 'limits.cpu', divisor: '0'}}},
    {
      name: 'PROXY_CONFIG',
      value: settings.revision === 'default' ? '{}\n' : `{"discoveryAddress":"${discovery}:15012"}\n`,
    },
    {name: 'ISTIO_META_POD_PORTS', value: JSON.stringify(ports)},
    {name: 'ISTIO_META_APP_CONTAINERS', value: apps.map(({name}) => name).join(',')},
    {name: 'GOMEMLIMIT', valueFrom: {resourceFieldRef: {resource: 'limits.memory', divisor: '0'}}},
    {name: 'GOMAXPROCS', valueFrom: {resourceFieldRef: {resource: 'limits.cpu', divisor: '0'}}},
    {name: 'ISTIO_META_CLUSTER_ID', value: 'Kubernetes'},
    {name: 'ISTIO_META_NODE_NAME', valueFrom: fieldRef('spec.nodeName')},
    {name: 'ISTIO_META_INTERCEPTION_MODE', value: 'REDIRECT'},
    {name: 'ISTIO_META_WORKLOAD_NAME', value: owner.name},
    {
      name: 'ISTIO_META_OWNER',
      value: `kubernetes://apis${kind.replace(/^\/apis?/, '')}/namespaces/${namespace}/${owner.kind.toLowerCase()}s/${owner.name}`,
    },
    {name: 'ISTIO_META_MESH_ID', value: 'cluster.local'},
    {name: 'TRUST_DOMAIN', value: 'cluster.local'},
  ];
  return entries;
}

const volumeMounts = [
  {name: 'workload-socket', mountPath: '/var/run/secrets/workload-spiffe-uds'},
  {name: 'credential-socket', mountPath: '/var/run/secrets/credential-uds'},
  {name: 'workload-certs', mountPath: '/var/run/secrets/workload-spiffe-credentials'},
  {name: 'istiod-ca-cert', mountPath: '/var/run/secrets/istio'},
  {name: 'istio-data', mountPath: '/var/lib/istio/data'},
  {name: 'istio-envoy', mountPath: '/etc/istio/proxy'},
  {name: 'istio-token', mountPath: '/var/run/secrets/tokens'},
  {name: 'istio-podinfo', mountPath: '/etc/istio/pod'},
];

/** The volumes that the proxy mounts. */
export const proxyVolumes = [
  {name: 'workload-socket', emptyDir: {}},
  {name: 'credential-socket', emptyDir: {}},
  {name: 'workload-certs', emptyDir: {}},
  {name: 'istio-envoy', emptyDir: {medium: 'Memory'}},
  {name: 'istio-data', emptyDir: {}},
  {
    name: 'istio-podinfo',
    downwardAPI: {
      defaultMode: 420,
      items: [
        {path: 'labels', fieldRef: {apiVersion: 'v1', fieldPath: 'metadata.labels'}},
        {path: 'annotations', fieldRef: {apiVersion: 'v1', fieldPath: 'metadata.annotations'}},
      ],
    },
  },
  {
    name: 'istio-token',
    projected: {
      defaultMode: 420,
      sources: [
        {serviceAccountToken: {audience: 'istio-ca', expirationSeconds: 43_200, path: 'istio-token'}},
      ],
    },
  },
  {name: 'istiod-ca-cert', configMap: {name: 'istio-ca-root-cert', defaultMode: 420}},
];

const health = {httpGet: {path: '/healthz/ready', port: 15021, scheme: 'HTTP'}};

const securityContext = {
  allowPrivilegeEscalation: false,
  capabilities: {drop: ['ALL']},
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsGroup: 1337,
  runAsNonRoot: true,
  runAsUser: 1337,
};

/** The proxy's container, as a sidecar or as the proxy of a gateway. */
export function proxyContainer(
  role: 'sidecar' | 'router',
  env: EnvVar[],
  settings: InjectionSettings,
): Container {
  return {
    name: 'istio-proxy',
    image: settings.image,
    ...(settings.imagePullPolicy ? {imagePullPolicy: settings.imagePullPolicy} : {}),
    args: [
      'proxy',
      role,
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      `--proxyLogLevel=${settings.logLevel}`,
      `--proxyComponentLogLevel=${settings.componentLogLevel}`,
      '--log_output_level=default:info',
    ],
    env,
    ports: [{name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP'}],
    readinessProbe: {
      ...health,
      failureThreshold: 4,
      periodSeconds: 15,
      successThreshold: 1,
      timeoutSeconds: 3,
    },
    ...(role === 'sidecar'
      ? {
          startupProbe: {
            ...health,
            failureThreshold: 600,
            periodSeconds: 1,
            successThreshold: 1,
            timeoutSeconds: 3,
          },
        }
      : {}),
    resources: settings.resources,
    securityContext,
    volumeMounts,
  };
}

/** The init container that redirects the pod's traffic to the proxy. */
export function initContainer(settings: InjectionSettings): Container {
  return {
    name: settings.cni ? 'istio-validation' : 'istio-init',
    image: settings.image,
    ...(settings.imagePullPolicy ? {imagePullPolicy: settings.imagePullPolicy} : {}),
    args: [
      'istio-iptables',
      ...['-p', '15001', '-z', '15006', '-u', '1337', '-m', 'REDIRECT', '-i', '*', '-x', '', '-b', '*'],
      ...['-d', '15090,15021,15020', '--log_output_level=default:info'],
    ],
    resources: settings.resources,
    securityContext: settings.cni
      ? {...securityContext}
      : {
          allowPrivilegeEscalation: false,
          capabilities: {add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL']},
          privileged: false,
          readOnlyRootFilesystem: false,
          runAsGroup: 0,
          runAsNonRoot: false,
          runAsUser: 0,
        },
  };
}
