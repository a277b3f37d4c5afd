import type {AuthorizationRequest} from '../authorization.ts';
import {buildRoutes} from '../build-routes.ts';
import type {Cluster} from '../clusters.ts';
import {matches, virtualHostFor} from '../decide.ts';
import {gatewayListeners} from '../gateway-routes.ts';
import {outboundListener} from '../listener.ts';
import type {RouteRequest} from '../match.ts';
import {memoized} from '../memoized.ts';
import {rewritePath} from '../rewrite.ts';
import type {CompiledRoute, RetryPolicy, RouteOrigin, Routes, WeightedDestination} from '../route-table.ts';
import type {Endpoint, MeshProxy, MeshService, MeshSnapshot} from '../snapshot.ts';
import {
  type DestinationRule,
  type HeaderOperations,
  type ObjectRef,
  refOf,
  type VirtualService,
} from '../types.ts';
import {merged, scaled, withFault, withPatience, withRetries, withTimeout} from './answers.ts';
import {answersOf, callsOf} from './bookinfo.ts';
import {type Considering, notApplied} from './considered.ts';
import {tlsFact} from './mutual-tls.ts';
import {objectIn, sameObject} from './objects.ts';
import {type Group, groupsBehind, proxyOf} from './parties.ts';
import {policyFact} from './policy.ts';
import type {Answer, Branch, Decision, Ending, FaultFact, Hop, NotApplied, Place} from './way.ts';
import {conditionText} from './words.ts';

/** A call that somebody makes. */
export interface Call {
  host: string;
  port: number;
  path: string;
  headers: Readonly<Record<string, string>>;
  patience?: {ms: number; tries: number};
}

/** Who calls. */
export interface Caller {
  group: Group;
  kind: 'sidecar' | 'gateway';
}

/** An address of nobody's (RFC 5737), for a host whose own is not known here. */
const anywhere = '203.0.113.1';

/** Programs call each other in no circle; a mesh that is led astray may. */
const deepest = 4;

/** Follows a call from its caller to every pod that may answer, and on to the calls that those make. */
export function hopOf(snapshot: MeshSnapshot, caller: Caller, call: Call, depth = 0): Hop {
  return new HopWalk(snapshot, caller, call, depth).walk();
}

/** The routes of one proxy; the same for every visitor's page. */
const routesOf = memoized((snapshot: MeshSnapshot) => {
  const made = new Map<string, Routes>();
  return (proxy: MeshProxy): Routes => {
    const key = `${proxy.kind} ${proxy.namespace}/${proxy.name}`;
    const known = made.get(key) ?? buildRoutes(snapshot, proxy);
    made.set(key, known);
    return known;
  };
});

/** The service that a name means to a program in a namespace, as the cluster's DNS says. */
export function serviceByName(
  snapshot: MeshSnapshot,
  host: string,
  namespace: string,
): MeshService | undefined {
  const [name, owner = namespace, ...rest] = host.replace(/\.$/, '').split('.');
  const inCluster = rest.length === 0 || ['svc', 'svc.cluster', 'svc.cluster.local'].includes(rest.join('.'));
  const own = inCluster
    ? snapshot.services.find(
        service => service.source === 'kubernetes' && service.name === name && service.namespace === owner,
      )
    : undefined;
  return own ?? snapshot.services.find(({hostname}) => hostname === host);
}

interface Reached {
  branches: readonly Branch[];
  answers: readonly Answer[];
}

class HopWalk {
  readonly snapshot: MeshSnapshot;
  readonly caller: Caller;
  readonly call: Call;
  readonly depth: number;
  readonly #unknown: string[] = [];
  readonly #routes: Routes;
  readonly #service: MeshService | undefined;
  readonly #request: RouteRequest;

  constructor(snapshot: MeshSnapshot, caller: Caller, call: Call, depth: number) {
    this.snapshot = snapshot;
    this.caller = caller;
    this.call = call;
    this.depth = depth;
    const {sample} = caller.group;
    this.#routes = routesOf(snapshot)(proxyOf(sample, caller.kind));
    this.#service =
      caller.kind === 'gateway' ? undefined : serviceByName(snapshot, call.host, sample.namespace);
    const address = this.#service?.addresses[0];
    this.#request = {
      method: 'GET',
      authority: caller.kind === 'gateway' ? call.host : `${call.host}:${call.port}`,
      path: call.path,
      scheme: 'http',
      headers: call.headers,
      port: call.port,
      ...(address ? {destinationIp: address} : {}),
    };
  }

  walk(): Hop {
    if (this.caller.kind === 'gateway') return this.#throughGateway();
    const service = this.#service;
    if (!service) {
      return this.#isOutside() ? this.#toOutside() : this.#ended({kind: 'no-service'}, 'no-service', 0);
    }
    const port = service.ports.find(({number}) => number === this.call.port);
    if (!port) {
      const ports = service.ports.map(({number}) => number);
      return this.#ended({kind: 'no-port', ports}, 'no-port', this.caller.group.party.sidecar ? 503 : 0);
    }
    if (!this.caller.group.party.sidecar)
      return this.#spread({kind: 'no-sidecar'}, port.endpoints, undefined);
    const ip = this.#request.destinationIp ?? port.endpoints[0]?.ip ?? '';
    const listener = outboundListener(this.#routes, {ip, port: this.call.port});
    switch (listener.kind) {
      case 'tcp':
        return this.#spread({kind: 'tcp', portName: port.name}, listener.cluster.endpoints, listener.cluster);
      case 'tcp-unknown':
        return this.#ended({kind: 'tcp', portName: port.name}, 'no-cluster', 0);
      case 'tcp-passthrough':
        return this.#spread({kind: 'passthrough', ...this.#scope()}, port.endpoints, undefined);
      case 'tcp-blocked':
        return this.#ended({kind: 'blocked', ...this.#scope()}, 'blocked', 0);
      case 'http':
        return this.#byRoute(port.endpoints);
    }
  }

  /** A name with a dot that is none of the cluster's own, which its DNS asks others for. */
  #isOutside(): boolean {
    const [, namespace, ...rest] = this.call.host.replace(/\.$/, '').split('.');
    if (namespace === undefined) return false;
    const own = this.snapshot.services.some(service => service.namespace === namespace);
    return !own && rest[0] !== 'svc';
  }

  #toOutside(): Hop {
    if (!this.caller.group.party.sidecar) return this.#passedOut();
    const listener = outboundListener(this.#routes, {ip: anywhere, port: this.call.port});
    if (listener.kind === 'http') return this.#byRoute([]);
    return listener.kind === 'tcp-passthrough'
      ? this.#passedOut()
      : this.#ended({kind: 'blocked', ...this.#scope()}, 'blocked', 0);
  }

  #passedOut(): Hop {
    this.#unknown.push(`what ${this.call.host} answers, since it is outside of this cluster`);
    const answers: readonly Answer[] = [{share: 1, status: 200, ms: 0, ending: 'application'}];
    return this.#hop({kind: 'passthrough', ...this.#scope()}, {used: [], branches: [], answers});
  }

  #throughGateway(): Hop {
    const listening = gatewayListeners(this.snapshot, this.#routes.proxy).some(
      ({port}) => port === this.call.port,
    );
    if (!listening) return this.#ended({kind: 'no-listener'}, 'no-listener', 0);
    const {sample} = this.caller.group;
    const policy = policyFact(this.snapshot, sample, {
      sourceIp: '127.0.0.1',
      method: 'GET',
      authority: this.call.host,
      path: this.call.path,
      port: this.call.port,
      headers: this.call.headers,
    });
    const hop = this.#byRoute([]);
    if (!policy || policy.allowed) return hop;
    return {
      ...hop,
      answers: this.#patiently([{share: 1, status: 403, ms: 0, ending: 'refused'}]),
      gatePolicy: policy,
    };
  }

  #scope(): {scope?: ObjectRef} {
    const {sidecar} = this.#routes.scope;
    return sidecar ? {scope: refOf(sidecar)} : {};
  }

  #byRoute(dialled: readonly Endpoint[]): Hop {
    const request = this.#request;
    const table = this.#routes.table(request.port, request.destinationIp);
    const virtualHost = virtualHostFor(table, request.authority);
    if (virtualHost?.requireTls) return this.#ended({kind: 'default'}, 'redirect', 301);
    const used = usedIn(virtualHost?.routes ?? []);
    const route = virtualHost?.routes.find(candidate => matches(candidate, request));
    if (!route) {
      const [object] = used;
      return this.#ended(object ? {kind: 'no-rule', object} : {kind: 'default'}, 'no-rule', 404, {used});
    }
    const at = route.origin && placeOf(route.origin);
    const decision: Decision = at ? {kind: 'rule', at, text: ruleText(route)} : {kind: 'default'};
    const seen = {used, ...(route.origin ? {taken: route.origin} : {})};
    switch (route.action.kind) {
      case 'passthrough':
        if (!this.#service && this.caller.kind === 'sidecar') return this.#passedOut();
        return this.#spread({kind: 'passthrough', ...this.#scope()}, dialled, undefined, seen);
      case 'block-all':
        return this.#ended({kind: 'blocked', ...this.#scope()}, 'blocked', 502, seen);
      case 'redirect':
        this.#unknown.push('where the redirect leads to is not followed');
        return this.#ended(decision, 'redirect', route.action.status, {...seen, route});
      case 'direct-response':
        return this.#ended(decision, 'direct', route.action.status, {...seen, route});
      case 'forward':
        return this.#forwarded(decision, route, seen);
    }
  }

  #forwarded(decision: Decision, route: CompiledRoute, seen: Seen): Hop {
    if (route.action.kind !== 'forward') throw new Error('not a forward');
    const {destinations, timeout, retries, mirrors, rewrite} = route.action;
    const path = rewritePath(this.#request, rewrite);
    const total = destinations.reduce((sum, {weight}) => sum + weight, 0);
    const reached = destinations.map(destination =>
      this.#reach(destination, destination.weight / total, path, retries),
    );
    const answers = merged(reached.flatMap(each => each.answers));
    const origin = route.origin;
    const timed = withTimeout(timeout, answers);
    return this.#hop(decision, {
      ...seen,
      route,
      branches: reached.flatMap(each => each.branches),
      answers: withFault(route.fault, timed),
      facts: {
        ...(timeout > 0 && origin
          ? {
              timeout: {
                ms: timeout,
                at: {object: origin.virtualService, path: `spec.http[${origin.rule}].timeout`},
              },
            }
          : {}),
        ...retriesFact(this.snapshot, retries, origin),
        mirrors: mirrors.map(({host, subset, percentage}) => ({
          host,
          percentage,
          ...(subset === undefined ? {} : {subset}),
        })),
      },
    });
  }

  /** One destination of a rule: its tries stay within its own pods. */
  #reach(
    destination: WeightedDestination,
    share: number,
    path: string,
    retries: RetryPolicy | undefined,
  ): Reached {
    const {host, port, subset} = destination;
    const cluster = this.#routes.clusters.find(host, port, subset);
    const subsetBy = cluster && subsetPlace(this.snapshot, this.#routes, cluster);
    const to = {
      host,
      port,
      ...(subset === undefined ? {} : {subset}),
      ...(subsetBy === undefined ? {} : {subsetBy}),
    };
    if (!cluster) {
      return {
        branches: [{share, ...to, failure: 'no-cluster', next: []}],
        answers: [{share, status: 503, ms: 0, ending: 'no-cluster'}],
      };
    }
    this.#noteLimits(cluster);
    const headers = withOperations(this.call.headers, destination.headers.request);
    const {branches, answers} = this.#pods({...to, endpoints: cluster.endpoints, cluster, path, headers});
    return {
      branches: branches.map(branch => ({...branch, share: branch.share * share})),
      answers: scaled(withRetries(retries, answers), share),
    };
  }

  #noteLimits({settings, service}: Cluster): void {
    const {maxConnections, maxPendingRequests, maxRequests, outlierDetection} = settings;
    const limit = [maxConnections, maxPendingRequests, maxRequests].some(value => value !== undefined);
    if (limit) this.#unknown.push(`under load the connection pool of ${service.name} answers 503 (overflow)`);
    if (outlierDetection) {
      this.#unknown.push(`outlier detection may have put pods of ${service.name} out for a while`);
    }
  }

  /** To all pods of the service, past every HTTP rule. */
  #spread(
    decision: Decision,
    endpoints: readonly Endpoint[],
    cluster: Cluster | undefined,
    seen: Seen = {used: []},
  ): Hop {
    const {path, headers} = this.call;
    const to = {host: this.#service?.hostname ?? this.call.host, port: this.call.port};
    const {branches, answers} = this.#pods({...to, endpoints, cluster, path, headers});
    return this.#hop(decision, {...seen, branches, answers});
  }

  #pods(options: {
    host: string;
    port: number;
    subset?: string;
    subsetBy?: Branch['subsetBy'];
    endpoints: readonly Endpoint[];
    cluster: Cluster | undefined;
    path: string;
    headers: Readonly<Record<string, string>>;
  }): Reached {
    const {endpoints, cluster, path, headers, ...to} = options;
    // The gateway's Service and the sidecar's own port are named by number; what is behind may be another one.
    if (endpoints.length === 0) {
      const status = this.caller.group.party.sidecar || this.caller.kind === 'gateway' ? 503 : 0;
      return {
        branches: [{share: 1, ...to, failure: 'no-pod', next: []}],
        answers: [{share: 1, status, ms: 0, ending: 'no-pod'}],
      };
    }
    const {groups, outside} = groupsBehind(endpoints);
    const branches: Branch[] = [];
    const answers: Answer[] = [];
    if (outside > 0) {
      this.#unknown.push(`what ${to.host} answers, since it is no pod of this cluster`);
      branches.push({share: outside, ...to, next: []});
      answers.push({share: outside, status: 200, ms: 0, ending: 'application'});
    }
    for (const group of groups) {
      const port = endpoints.find(({workload}) => workload?.name === group.sample.name)?.port ?? to.port;
      const reached = this.#pod({to, group, port, cluster, path, headers});
      branches.push(reached.branch);
      answers.push(...scaled(reached.answers, group.share));
    }
    return {branches, answers: merged(answers)};
  }

  #pod(options: {
    to: Pick<Branch, 'host' | 'port' | 'subset' | 'subsetBy'>;
    group: Group;
    port: number;
    cluster: Cluster | undefined;
    path: string;
    headers: Readonly<Record<string, string>>;
  }): {branch: Branch; answers: readonly Answer[]} {
    const {to, group, port, cluster, path, headers} = options;
    const {sample, party, share} = group;
    const proxied = this.caller.kind === 'gateway' || this.caller.group.party.sidecar;
    const tls = tlsFact({
      snapshot: this.snapshot,
      clusters: this.#routes.clusters,
      cluster,
      proxied,
      to: sample,
      port,
    });
    const base = {share, ...to, to: party, tls};
    if (!tls.works) {
      const status = proxied && this.#speaksHttp(cluster) ? 503 : 0;
      return {branch: {...base, next: []}, answers: [{share: 1, status, ms: 0, ending: 'tls'}]};
    }
    const http = this.#speaksHttp(cluster) || cluster === undefined;
    const asked = this.#asked({tls: tls.client === 'mutual-tls', port, path, headers});
    const policy = party.sidecar
      ? policyFact(this.snapshot, sample, asked, http ? 'http' : 'tcp')
      : undefined;
    if (policy && !policy.allowed) {
      return {
        branch: {...base, policy, next: []},
        answers: [{share: 1, status: http ? 403 : 0, ms: 0, ending: 'refused'}],
      };
    }
    const calls = this.depth < deepest ? callsOf(party, path) : [];
    const next = calls.map(call =>
      hopOf(
        this.snapshot,
        {group: {...group, share: 1}, kind: 'sidecar'},
        {...call, headers},
        this.depth + 1,
      ),
    );
    const own = answersOf(
      party,
      path,
      next.map(hop => hop.answers),
    );
    return {branch: {...base, ...(policy ? {policy} : {}), next}, answers: own};
  }

  #speaksHttp(cluster: Cluster | undefined): boolean {
    return cluster === undefined || cluster.port.protocol === 'http' || cluster.port.protocol === 'auto';
  }

  #asked(options: {
    tls: boolean;
    port: number;
    path: string;
    headers: Readonly<Record<string, string>>;
  }): AuthorizationRequest {
    const {namespace, serviceAccount, ip} = this.caller.group.sample;
    const {trustDomain} = this.snapshot.meshConfig;
    return {
      ...(options.tls ? {principal: `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`} : {}),
      sourceIp: ip,
      method: 'GET',
      authority: this.#request.authority,
      path: options.path,
      port: options.port,
      headers: options.headers,
    };
  }

  #ended(
    decision: Decision,
    ending: Ending,
    status: number,
    seen: Seen & {route?: CompiledRoute} = {used: []},
  ): Hop {
    const answer: Answer = {share: 1, status, ms: 0, ending};
    return this.#hop(decision, {...seen, branches: [], answers: withFault(seen.route?.fault, [answer])});
  }

  #patiently(answers: readonly Answer[]): readonly Answer[] {
    const {patience} = this.call;
    return patience ? withPatience(patience, answers) : answers;
  }

  #hop(
    decision: Decision,
    found: Seen & {
      route?: CompiledRoute;
      branches: readonly Branch[];
      answers: readonly Answer[];
      facts?: Partial<Hop>;
    },
  ): Hop {
    const {host, port, path, headers, patience} = this.call;
    const fault = found.route && faultFact(this.snapshot, found.route);
    const considering: Considering = {
      routes: this.#routes,
      request: this.#request,
      service: this.#service,
      decision: decision.kind,
      used: found.used,
      ...(found.taken ? {taken: found.taken} : {}),
    };
    let near: readonly NotApplied[] | undefined;
    return {
      from: {...this.caller.group.party, kind: this.caller.kind},
      request: {host, port, path, headers},
      ...(this.#service ? {service: this.#service.hostname} : {}),
      decision,
      // Looks at every VirtualService, and only those ask that tell of it.
      get notApplied() {
        near ??= notApplied(considering);
        return near;
      },
      ...(fault ? {fault} : {}),
      mirrors: [],
      ...found.facts,
      branches: found.branches,
      ...(patience ? {patience} : {}),
      answers: this.#patiently(found.answers),
      unknown: [...new Set([...this.#unknown, ...this.#notUnderstood()])],
    };
  }

  /** Objects for the service whose kind this explanation does not know. */
  #notUnderstood(): readonly string[] {
    const service = this.#service;
    if (!service) return [];
    const changed = this.snapshot.config
      .filter(
        ({kind, metadata}) =>
          changesAnything.has(kind) && metadata.namespace === this.caller.group.sample.namespace,
      )
      .map(({kind, metadata}) => `${kind} ${metadata.namespace}/${metadata.name} may change what proxies do`);
    const routes = this.snapshot.config
      .filter(({kind}) => kind === 'HTTPRoute')
      .filter(({metadata, spec}) =>
        (spec?.parentRefs ?? []).some(
          (parent: {kind?: string; name?: string; namespace?: string}) =>
            parent.kind === 'Service' &&
            parent.name === service.name &&
            (parent.namespace ?? metadata.namespace) === service.namespace,
        ),
      )
      .map(
        ({metadata}) =>
          `HTTPRoute ${metadata.namespace}/${metadata.name} is for ${service.name}, and what it does is not known here`,
      );
    return [...changed, ...routes];
  }
}

/** Kinds that reach into a proxy's own configuration. */
const changesAnything = new Set(['EnvoyFilter', 'WasmPlugin']);

interface Seen {
  used: readonly ObjectRef[];
  taken?: RouteOrigin;
}

function usedIn(routes: readonly CompiledRoute[]): readonly ObjectRef[] {
  const found: ObjectRef[] = [];
  for (const {origin} of routes) {
    if (origin && !found.some(known => sameObject(known, origin.virtualService)))
      found.push(origin.virtualService);
  }
  return found;
}

function placeOf({virtualService, rule, match}: RouteOrigin): Place {
  return {object: virtualService, path: `spec.http[${rule}]${match === undefined ? '' : `.match[${match}]`}`};
}

function ruleText({conditions, catchAll}: CompiledRoute): string {
  if (conditions.length === 0) return catchAll ? 'every call' : '';
  return conditions.map(conditionText).join(' and ');
}

/** Which DestinationRule names the subset, and by which labels. */
function subsetPlace(snapshot: MeshSnapshot, routes: Routes, {service, subset}: Cluster): Branch['subsetBy'] {
  if (!subset) return undefined;
  for (const object of routes.clusters.destinationRule(service.hostname).rule?.rules ?? []) {
    const subsets = objectIn<DestinationRule>(snapshot, object)?.spec?.subsets ?? [];
    const index = subsets.findIndex(({name}) => name === subset.name);
    if (index >= 0) return {object, path: `spec.subsets[${index}]`, labels: subset.labels ?? {}};
  }
  return undefined;
}

function retriesFact(
  snapshot: MeshSnapshot,
  retries: RetryPolicy | undefined,
  origin: RouteOrigin | undefined,
): Pick<Hop, 'retries'> {
  const rule = origin && objectIn<VirtualService>(snapshot, origin.virtualService)?.spec?.http?.[origin.rule];
  if (!rule?.retries || !origin) return {};
  return {
    retries: {
      attempts: retries?.attempts ?? 0,
      ...(retries?.perTryTimeout ? {perTry: retries.perTryTimeout} : {}),
      on: [...(retries?.retryOn ?? []), ...[...(retries?.statusCodes ?? [])].map(String)],
      at: {object: origin.virtualService, path: `spec.http[${origin.rule}].retries`},
    },
  };
}

/** A fault as it is written, so that one without a percentage, which hits nobody, is told too. */
function faultFact(snapshot: MeshSnapshot, {origin, fault}: CompiledRoute): FaultFact | undefined {
  const rule = origin && objectIn<VirtualService>(snapshot, origin.virtualService)?.spec?.http?.[origin.rule];
  if (!origin || !rule?.fault) return undefined;
  const {delay, abort} = fault ?? {};
  const hits = (delay?.percentage ?? 0) > 0 || (abort?.percentage ?? 0) > 0;
  const part = abort && abort.percentage > 0 ? '.abort' : delay && delay.percentage > 0 ? '.delay' : '';
  return {
    at: {object: origin.virtualService, path: `spec.http[${origin.rule}].fault${part}`},
    ...(delay ? {delay: {ms: delay.milliseconds, percentage: delay.percentage}} : {}),
    ...(abort ? {abort: {status: abort.httpStatus, percentage: abort.percentage}} : {}),
    ...(hits ? {} : {withoutEffect: true}),
  };
}

function withOperations(
  headers: Readonly<Record<string, string>>,
  steps: readonly HeaderOperations[],
): Readonly<Record<string, string>> {
  const changed = {...headers};
  for (const {set = {}, add = {}, remove = []} of steps) {
    for (const name of remove) delete changed[name.toLowerCase()];
    for (const [name, value] of Object.entries(set)) changed[name.toLowerCase()] = value;
    for (const [name, value] of Object.entries(add)) {
      const before = changed[name.toLowerCase()];
      changed[name.toLowerCase()] = before === undefined ? value : `${before},${value}`;
    }
  }
  return changed;
}
