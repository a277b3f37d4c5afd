import type {Clusters} from './clusters.ts';
import type {HeaderSteps} from './header-steps.ts';
import type {MatchCondition} from './match.ts';
import type {Listeners} from './outbound-listeners.ts';
import type {SearchPattern} from './re2.ts';
import type {SidecarScope} from './sidecar-scope.ts';
import type {MeshProxy, MeshService, MeshSnapshot} from './snapshot.ts';
import type {CorsPolicy, HeaderOperations, HttpRedirect, ObjectRef} from './types.ts';

/** Which line of which VirtualService a route comes from. Indexes count from 0. */
export interface RouteOrigin {
  virtualService: ObjectRef;
  rule: number;
  /** The entry of the rule's `match` list, where it has one. */
  match?: number;
}

export interface FaultPolicy {
  delay?: {milliseconds: number; percentage: number};
  abort?: {httpStatus: number; grpcStatus?: string; percentage: number};
}

export interface RetryPolicy {
  /** Tries after the first. */
  attempts: number;
  perTryTimeout?: number;
  retryOn: ReadonlySet<string>;
  /** Response codes that are retried besides what `retryOn` names. */
  statusCodes: ReadonlySet<number>;
  backoff: number;
}

export interface WeightedDestination {
  /** Relative to the others; 1 when there is but one. */
  weight: number;
  host: string;
  port: number;
  subset?: string;
  headers: HeaderSteps;
}

export interface Rewrite {
  /** Replaces the matched prefix, or the whole path of an exact match. */
  uri?: string;
  matched?: {exact?: string; prefix?: string; regex?: string};
  ignoreCase: boolean;
  authority?: string;
  regex?: {pattern: SearchPattern; substitution: string};
}

export interface Mirror {
  host: string;
  port: number;
  subset?: string;
  percentage: number;
}

export type RouteAction =
  | {
      kind: 'forward';
      destinations: readonly WeightedDestination[];
      rewrite?: Rewrite;
      /** 0: none. */
      timeout: number;
      retries?: RetryPolicy;
      mirrors: readonly Mirror[];
    }
  | {
      kind: 'redirect';
      redirect: HttpRedirect;
      status: number;
      /** Put behind the host, instead of a port that the request has. */
      port?: number;
      responseHeaders: readonly HeaderOperations[];
    }
  | {kind: 'direct-response'; status: number; body: string; responseHeaders: readonly HeaderOperations[]}
  | {kind: 'passthrough'}
  | {kind: 'block-all'};

export interface CompiledRoute {
  /** The last field of the access log. */
  name: string;
  origin?: RouteOrigin;
  conditions: readonly MatchCondition[];
  /** Nothing after it can be reached. */
  catchAll: boolean;
  action: RouteAction;
  fault?: FaultPolicy;
  cors?: CorsPolicy;
}

export interface VirtualHost {
  name: string;
  domains: readonly string[];
  routes: readonly CompiledRoute[];
  service?: MeshService;
  /** Redirects plain HTTP (`httpsRedirect`). */
  requireTls?: boolean;
}

/** All virtual hosts behind one port. */
export interface RouteTable {
  port: number;
  exact: ReadonlyMap<string, VirtualHost>;
  /** `*.suffix` domains, the longest first. */
  wildcards: readonly {suffix: string; virtualHost: VirtualHost}[];
  catchAll?: VirtualHost;
}

/** Everything one proxy routes by. Made once per snapshot; tables are compiled when a port is first used. */
export interface Routes {
  proxy: MeshProxy;
  snapshot: MeshSnapshot;
  scope: SidecarScope;
  services: ReadonlyMap<string, MeshService>;
  clusters: Clusters;
  /** @param ip the address dialled: a port without a stated protocol has a table of its own for each service. */
  table(port: number, ip?: string): RouteTable;
  /** Of a sidecar: what takes the connections that its pod opens. */
  listeners: Listeners;
}
