/** Istio's resources, as far as routing and policy read them. Field names are the API's own. */

export interface IstioMeta {
  name: string;
  namespace?: string;
  creationTimestamp?: string;
  resourceVersion?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface IstioObject<Spec = any> {
  apiVersion: string;
  kind: string;
  metadata: IstioMeta;
  spec?: Spec;
  [field: string]: any;
}

/** One of exact, prefix or regex; none of them (or the regex `*`) means "present". */
export interface StringMatch {
  exact?: string;
  prefix?: string;
  regex?: string;
}

export interface HttpMatch {
  name?: string;
  uri?: StringMatch;
  scheme?: StringMatch;
  method?: StringMatch;
  authority?: StringMatch;
  headers?: Record<string, StringMatch>;
  withoutHeaders?: Record<string, StringMatch>;
  queryParams?: Record<string, StringMatch>;
  port?: number;
  sourceLabels?: Record<string, string>;
  sourceNamespace?: string;
  gateways?: string[];
  ignoreUriCase?: boolean;
  statPrefix?: string;
}

export interface Destination {
  host: string;
  subset?: string;
  port?: {number?: number};
}

export interface HeaderOperations {
  set?: Record<string, string>;
  add?: Record<string, string>;
  remove?: string[];
}

export interface Headers {
  request?: HeaderOperations;
  response?: HeaderOperations;
}

export interface HttpDestination {
  destination: Destination;
  weight?: number;
  headers?: Headers;
}

export interface Percent {
  value?: number;
}

export interface HttpFault {
  delay?: {fixedDelay?: string; exponentialDelay?: string; percentage?: Percent; percent?: number};
  abort?: {httpStatus?: number; grpcStatus?: string; http2Error?: string; percentage?: Percent};
}

export interface HttpRetry {
  attempts?: number;
  perTryTimeout?: string;
  retryOn?: string;
  retryRemoteLocalities?: boolean;
  backoff?: string;
}

export interface HttpRedirect {
  uri?: string;
  authority?: string;
  port?: number;
  derivePort?: string;
  scheme?: string;
  redirectCode?: number;
}

export interface HttpRewrite {
  uri?: string;
  authority?: string;
  uriRegexRewrite?: {match: string; rewrite: string};
}

export interface CorsPolicy {
  allowOrigins?: StringMatch[];
  allowOrigin?: string[];
  allowMethods?: string[];
  allowHeaders?: string[];
  exposeHeaders?: string[];
  maxAge?: string;
  allowCredentials?: boolean;
  unmatchedPreflights?: string;
}

export interface HttpRoute {
  name?: string;
  match?: HttpMatch[];
  route?: HttpDestination[];
  redirect?: HttpRedirect;
  directResponse?: {status: number; body?: {string?: string; bytes?: string}};
  delegate?: {name?: string; namespace?: string};
  rewrite?: HttpRewrite;
  timeout?: string;
  retries?: HttpRetry;
  fault?: HttpFault;
  mirror?: Destination;
  mirrorPercent?: number;
  mirror_percent?: number;
  mirrorPercentage?: Percent;
  mirrors?: {destination: Destination; percentage?: Percent}[];
  corsPolicy?: CorsPolicy;
  headers?: Headers;
}

export interface L4Match {
  destinationSubnets?: string[];
  port?: number;
  sourceLabels?: Record<string, string>;
  sourceNamespace?: string;
  gateways?: string[];
  sniHosts?: string[];
}

export interface L4Route {
  match?: L4Match[];
  route?: {destination: Destination; weight?: number}[];
}

export interface VirtualServiceSpec {
  hosts?: string[];
  gateways?: string[];
  http?: HttpRoute[];
  tcp?: L4Route[];
  tls?: L4Route[];
  exportTo?: string[];
}
export type VirtualService = IstioObject<VirtualServiceSpec>;

export interface TrafficPolicy {
  loadBalancer?: any;
  connectionPool?: any;
  outlierDetection?: any;
  tls?: {mode?: string; [field: string]: any};
  portLevelSettings?: (TrafficPolicy & {port?: {number?: number}})[];
  tunnel?: any;
  proxyProtocol?: any;
  retryBudget?: any;
}

export interface Subset {
  name: string;
  labels?: Record<string, string>;
  trafficPolicy?: TrafficPolicy;
}

export interface DestinationRuleSpec {
  host: string;
  subsets?: Subset[];
  trafficPolicy?: TrafficPolicy;
  exportTo?: string[];
  workloadSelector?: {matchLabels?: Record<string, string>};
}
export type DestinationRule = IstioObject<DestinationRuleSpec>;

export interface GatewayServer {
  port?: {number?: number; name?: string; protocol?: string; targetPort?: number};
  hosts?: string[];
  tls?: {httpsRedirect?: boolean; mode?: string; credentialName?: string; [field: string]: any};
  name?: string;
  bind?: string;
}
export type Gateway = IstioObject<{selector?: Record<string, string>; servers?: GatewayServer[]}>;

export interface ServiceEntrySpec {
  hosts?: string[];
  addresses?: string[];
  ports?: {number: number; name?: string; protocol?: string; targetPort?: number}[];
  location?: string;
  resolution?: string;
  endpoints?: {address?: string; ports?: Record<string, number>; labels?: Record<string, string>}[];
  workloadSelector?: {labels?: Record<string, string>};
  exportTo?: string[];
}
export type ServiceEntry = IstioObject<ServiceEntrySpec>;

export interface SidecarSpec {
  workloadSelector?: {labels?: Record<string, string>};
  egress?: {port?: any; bind?: string; captureMode?: string; hosts?: string[]}[];
  ingress?: any[];
  outboundTrafficPolicy?: {mode?: string};
}
export type Sidecar = IstioObject<SidecarSpec>;

export interface PeerAuthenticationSpec {
  selector?: {matchLabels?: Record<string, string>};
  mtls?: {mode?: string};
  portLevelMtls?: Record<string, {mode?: string}>;
}
export type PeerAuthentication = IstioObject<PeerAuthenticationSpec>;

export interface AuthorizationSource {
  principals?: string[];
  notPrincipals?: string[];
  requestPrincipals?: string[];
  notRequestPrincipals?: string[];
  namespaces?: string[];
  notNamespaces?: string[];
  ipBlocks?: string[];
  notIpBlocks?: string[];
  remoteIpBlocks?: string[];
  notRemoteIpBlocks?: string[];
  serviceAccounts?: string[];
  notServiceAccounts?: string[];
  trustDomains?: string[];
  notTrustDomains?: string[];
}

export interface AuthorizationOperation {
  hosts?: string[];
  notHosts?: string[];
  ports?: string[];
  notPorts?: string[];
  methods?: string[];
  notMethods?: string[];
  paths?: string[];
  notPaths?: string[];
}

export interface AuthorizationRule {
  from?: {source?: AuthorizationSource}[];
  to?: {operation?: AuthorizationOperation}[];
  when?: {key: string; values?: string[]; notValues?: string[]}[];
}

export interface AuthorizationPolicySpec {
  action?: string;
  selector?: {matchLabels?: Record<string, string>};
  targetRefs?: any[];
  rules?: AuthorizationRule[];
  provider?: {name?: string};
}
export type AuthorizationPolicy = IstioObject<AuthorizationPolicySpec>;

/** Names one object in explanations. */
export interface ObjectRef {
  kind: string;
  namespace: string;
  name: string;
}

export function refOf(object: IstioObject): ObjectRef {
  return {kind: object.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name};
}
