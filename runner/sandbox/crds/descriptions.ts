import type {CustomSchema} from '../api/schema/schema-types.ts';

/** What kinds and fields are for, in a few words of ours: by `Kind.path`, else by the field's name alone. */
const descriptions: Record<string, string> = {
  VirtualService: 'Where requests for a host go: rules that are tried in order.',
  DestinationRule: 'Names versions of a service, and says how to connect to it.',
  Gateway: 'Ports and hosts that a gateway opens at the edge of the mesh.',
  ServiceEntry: 'Adds a service to the mesh that Kubernetes does not know.',
  Sidecar: 'Limits what the proxy of a workload can reach and accept.',
  WorkloadEntry: 'One workload outside of Kubernetes.',
  WorkloadGroup: 'A template for workloads outside of Kubernetes.',
  EnvoyFilter: 'Changes the configuration of Envoy itself; for experts.',
  ProxyConfig: 'Settings of proxies that take effect when they start.',
  AuthorizationPolicy: 'Who may send which requests to a workload.',
  PeerAuthentication: 'Whether a workload accepts mutual TLS, plain text, or both.',
  RequestAuthentication: 'Which tokens (JWT) a workload accepts.',
  Telemetry: 'Metrics, access logs and traces of proxies.',
  WasmPlugin: 'Adds a WebAssembly filter to proxies.',
  TrafficExtension: 'Adds a Lua or WebAssembly filter to proxies.',
  spec: 'What is wanted.',
  status: 'What istiod reports back.',
  hosts: 'The hosts that this is about.',
  host: 'A service of the mesh, by name.',
  gateways: 'The gateways that these rules are for; `mesh` means the sidecars.',
  exportTo: 'The namespaces that can see this; `.` is its own, `*` all.',
  selector: 'Labels of the pods that this is for.',
  workloadSelector: 'Labels of the pods that this is for.',
  targetRef: 'What this is attached to.',
  targetRefs: 'What this is attached to.',
  matchLabels: 'Labels that a pod must have.',
  'VirtualService.spec.http': 'Rules for HTTP, in order: the first that matches wins.',
  'VirtualService.spec.tls': 'Rules for TLS that is passed through, by SNI.',
  'VirtualService.spec.tcp': 'Rules for other TCP traffic.',
  'VirtualService.spec.http.match': 'The rule applies if one of these holds; without any, always.',
  'VirtualService.spec.http.match.headers': 'Headers of the request; names in lower case.',
  'VirtualService.spec.http.route': 'Where matching requests go, by weight.',
  'VirtualService.spec.http.route.destination': 'The service, and the version of it.',
  'VirtualService.spec.http.route.weight': 'The share of requests, of the sum of all weights.',
  'VirtualService.spec.http.timeout': 'How long an answer may take, such as 500ms or 10s.',
  'VirtualService.spec.http.fault': 'Delays and errors that the proxy makes up, for testing.',
  'VirtualService.spec.http.retries': 'When and how often a failed request is tried again.',
  'VirtualService.spec.http.mirror': 'A second destination that gets a copy of each request.',
  'VirtualService.spec.http.delegate': 'Another VirtualService that holds the rest of the rule.',
  subset: 'A version of the service, as its DestinationRule names it.',
  subsets: 'Versions of the service.',
  'DestinationRule.spec.subsets.name': 'The name that routes refer to.',
  'DestinationRule.spec.subsets.labels': 'Labels that pods of this version have.',
  trafficPolicy: 'How to connect: load balancing, pools, TLS.',
  connectionPool: 'Limits of connections and requests.',
  outlierDetection: 'When a failing pod is left out for a while.',
  loadBalancer: 'How requests are spread over the pods.',
  portLevelSettings: 'The same for single ports.',
  destination: 'The service that gets the traffic.',
  weight: 'Its share of the traffic.',
  uri: 'The path of the request.',
  exact: 'Equal to this.',
  prefix: 'Starting with this.',
  regex: 'Matching this expression (RE2).',
  method: 'The HTTP method.',
  authority: 'The Host header.',
  port: 'The port.',
  number: 'The port number.',
  name: 'The name.',
  percentage: 'The share of requests, from 0 to 100.',
  value: 'The value.',
  delay: 'A delay before the request goes on.',
  fixedDelay: 'How long, such as 7s.',
  abort: 'An error instead of the request.',
  httpStatus: 'The status that is answered.',
  attempts: 'How many tries more, at most.',
  perTryTimeout: 'How long each try may take.',
  retryOn: 'The conditions of a retry, separated by commas.',
  servers: 'The ports that are opened.',
  tls: 'TLS.',
  mode: 'Which mode.',
  credentialName: 'The secret with key and certificate.',
  action: 'What a matching request meets.',
  rules: 'The rules; one that holds is enough.',
  from: 'Where the request comes from.',
  to: 'What the request is for.',
  when: 'Further conditions.',
  source: 'Conditions on the caller.',
  operation: 'Conditions on the request.',
  principals: 'Identities of callers, from their certificates.',
  namespaces: 'Namespaces of callers.',
  paths: 'Paths of the request.',
  methods: 'HTTP methods.',
  mtls: 'Mutual TLS.',
  portLevelMtls: 'Mutual TLS for single ports.',
  jwtRules: 'The tokens that are accepted.',
  issuer: 'Who issues the tokens.',
  jwksUri: 'Where the keys of the issuer are.',
  egress: 'What the proxy can reach.',
  ingress: 'What the proxy accepts.',
  labels: 'Labels.',
  location: 'Inside the mesh or outside of it.',
  resolution: 'How the addresses are found.',
  endpoints: 'The addresses behind the service.',
  addresses: 'Virtual addresses of the service.',
  accessLogging: 'Access logs.',
  metrics: 'Metrics.',
  tracing: 'Traces.',
  providers: 'The providers, as the mesh configuration names them.',
  headers: 'Headers that are added, set or removed.',
  rewrite: 'Changes of the request before it is sent on.',
  redirect: 'A redirect instead of the route.',
};

/** A copy of a schema with descriptions, for `kubectl explain`. */
export function describe(kind: string, schema: CustomSchema): CustomSchema {
  return describeAt(schema, kind, kind);
}

function describeAt(schema: CustomSchema, path: string, name: string): CustomSchema {
  const description = descriptions[path] ?? descriptions[name];
  const copy: CustomSchema = {...(description ? {description} : {}), ...schema};
  if (schema.properties) {
    const described = Object.entries(schema.properties).map(
      ([field, child]) => [field, describeAt(child, `${path}.${field}`, field)] as const,
    );
    copy.properties = Object.fromEntries(described);
  }
  if (schema.items) copy.items = describeAt(schema.items, path, '');
  if (typeof schema.additionalProperties === 'object') {
    copy.additionalProperties = describeAt(schema.additionalProperties, path, '');
  }
  return copy;
}
