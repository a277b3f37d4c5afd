import type {IstioObject} from './types.ts';

/** Kinds that are stored and have no effect. */
const unsupportedKinds = new Set([
  'EnvoyFilter',
  'WasmPlugin',
  'TrafficExtension',
  'WorkloadEntry',
  'WorkloadGroup',
  'ProxyConfig',
  'RequestAuthentication',
]);

/** Paths within a spec that the proxies do not act on; `[]` stands for every entry, `{}` for every key. */
const unsupportedPaths: Record<string, readonly string[]> = {
  VirtualService: [
    'tls',
    'http[].match[].statPrefix',
    'http[].retries.retryRemoteLocalities',
    'http[].fault.abort.http2Error',
  ],
  DestinationRule: [
    'trafficPolicy.tunnel',
    'trafficPolicy.proxyProtocol',
    'trafficPolicy.loadBalancer.localityLbSetting',
    'trafficPolicy.loadBalancer.warmup',
    'trafficPolicy.loadBalancer.warmupDurationSecs',
    'trafficPolicy.connectionPool.http.h2UpgradePolicy',
    'trafficPolicy.connectionPool.http.idleTimeout',
    'trafficPolicy.connectionPool.http.maxRetries',
    'trafficPolicy.connectionPool.http.maxRequestsPerConnection',
    'trafficPolicy.connectionPool.tcp.tcpKeepalive',
    'subsets[].trafficPolicy.tunnel',
    'subsets[].trafficPolicy.loadBalancer.localityLbSetting',
  ],
  Gateway: ['servers[].bind', 'servers[].tls.mode'],
  ServiceEntry: ['subjectAltNames'],
  Sidecar: ['ingress', 'egress[].port', 'egress[].bind', 'egress[].captureMode', 'inboundConnectionPool'],
  AuthorizationPolicy: ['targetRefs', 'provider'],
  Telemetry: ['tracing', 'metrics', 'targetRefs', 'accessLogging[].filter', 'accessLogging[].match'],
};

/**
 * Names what of an object the sandbox stores without simulating it, as paths from the object's root; a whole
 * kind is named by itself.
 */
export function unsupportedFields(object: IstioObject): string[] {
  if (unsupportedKinds.has(object.kind)) return [object.kind];
  const found = (unsupportedPaths[object.kind] ?? []).flatMap(path =>
    present(object.spec, path.split('.'), 'spec'),
  );
  if (object.kind === 'DestinationRule') found.push(...tlsOrigination(object.spec));
  if (
    object.kind === 'VirtualService' &&
    JSON.stringify(object.spec ?? {}).includes('"@request.auth.claims')
  ) {
    found.push('matching by @request.auth.claims');
  }
  if (object.kind === 'AuthorizationPolicy') {
    const {action} = object.spec ?? {};
    if (action === 'CUSTOM' || action === 'AUDIT') found.push(`spec.action ${action}`);
    if (usesClaims(object.spec)) found.push('requestPrincipals and request.auth');
  }
  return found;
}

function present(value: any, path: readonly string[], at: string): string[] {
  const [head, ...rest] = path;
  if (head === undefined) return value === undefined ? [] : [at];
  if (value === null || typeof value !== 'object') return [];
  if (!head.endsWith('[]')) return present(value[head], rest, `${at}.${head}`);
  const name = head.slice(0, -2);
  const list: unknown[] = Array.isArray(value[name]) ? value[name] : [];
  return list.flatMap((entry, index) => present(entry, rest, `${at}.${name}[${index}]`));
}

function usesClaims(spec: any): boolean {
  const text = JSON.stringify(spec ?? {});
  return /equestPrincipals"|request\.auth\./.test(text);
}

/** The proxies don't open TLS connections of their own towards hosts outside the mesh. */
function tlsOrigination(spec: any): string[] {
  const policies: [string, any][] = [
    ['spec.trafficPolicy', spec?.trafficPolicy],
    ...(spec?.subsets ?? []).map((subset: any, index: number): [string, any] => [
      `spec.subsets[${index}].trafficPolicy`,
      subset?.trafficPolicy,
    ]),
  ];
  return policies.flatMap(([at, policy]) =>
    ['SIMPLE', 'MUTUAL'].includes(policy?.tls?.mode) ? [`${at}.tls.mode ${policy.tls.mode}`] : [],
  );
}
