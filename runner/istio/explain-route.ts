import {type FilterReason, filteredBy, type RuleContext} from './compile-rule.ts';
import {decide, type RouteDecision, virtualHostFor} from './decide.ts';
import type {ConsideredDestinationRule} from './destination-rules.ts';
import {gatewayListeners, gatewaysFor, serverCovers} from './gateway-routes.ts';
import {covers, withoutPort} from './hosts.ts';
import {conditionsOf, matchesEverything, type RouteRequest} from './match.ts';
import type {Routes} from './route-table.ts';
import {listenerForPort} from './sidecar-scope.ts';
import {configOf} from './snapshot.ts';
import {type ObjectRef, refOf, type StringMatch, type VirtualService} from './types.ts';
import {gatewaysOf, hostsOf, virtualServiceIndex} from './virtual-services.ts';
import {exported} from './visibility.ts';

/** Why a VirtualService decides about a request, or does not. */
export type VirtualServiceOutcome =
  | 'used'
  /** Its hosts mean something else, e.g. the same short name in another namespace. */
  | 'other-host'
  | 'not-exported'
  /** Not bound to the mesh (or to a gateway of this proxy). */
  | 'other-gateway'
  /** All of its rules are for other proxies or ports: as if it were not there. */
  | 'no-rule-for-proxy'
  /** Another one for the host comes first: it is older, or names the host exactly. */
  | 'overruled';

export interface ConsideredVirtualService {
  ref: ObjectRef;
  outcome: VirtualServiceOutcome;
  hosts: readonly string[];
}

export interface ConsideredMatch {
  virtualService: ObjectRef;
  rule: number;
  match?: number;
  outcome: 'matched' | 'not-matched' | 'filtered' | 'not-reached';
  /** Of `filtered`: what keeps the entry from this proxy. */
  filter?: FilterReason;
  /** Of `not-matched`: every condition that did not hold. */
  mismatches: readonly {field: string; wants: StringMatch; found: string | undefined}[];
}

/** A decision and how it came about. */
export interface RouteExplanation {
  decision: RouteDecision;
  /** The service that the request's authority means, where it is one. */
  service?: string;
  virtualServices: readonly ConsideredVirtualService[];
  /** The entries of the VirtualServices in force, in the order in which they were tried. */
  matches: readonly ConsideredMatch[];
  /** For the host of the chosen destination. */
  destinationRules: readonly ConsideredDestinationRule[];
}

/** Decides, and tells which VirtualServices, rules and DestinationRules were considered and why each lost. */
export function explainRoute(routes: Routes, request: RouteRequest, random: () => number): RouteExplanation {
  const decision = decide(routes, request, random);
  const virtualHost = virtualHostFor(routes.table(request.port, request.destinationIp), request.authority);
  const host = virtualHost?.service?.hostname ?? withoutPort(request.authority).toLowerCase();
  const used = new Set(
    (virtualHost?.routes ?? []).flatMap(({origin}) => (origin ? [key(origin.virtualService)] : [])),
  );
  const virtualServices = considerVirtualServices(routes, host, used);
  const destination = 'clusterName' in decision ? decision.clusterName.split('|')[3] : undefined;
  return {
    decision,
    ...(virtualHost?.service ? {service: virtualHost.service.hostname} : {}),
    virtualServices,
    matches: considerMatches(routes, request, virtualServices),
    destinationRules: destination ? routes.clusters.destinationRule(destination).considered : [],
  };
}

const key = ({namespace, name}: ObjectRef) => `${namespace}/${name}`;

function considerVirtualServices(
  routes: Routes,
  host: string,
  used: ReadonlySet<string>,
): ConsideredVirtualService[] {
  const {proxy, snapshot} = routes;
  const shortName = host.split('.')[0] ?? host;
  const gateways =
    proxy.kind === 'gateway'
      ? gatewaysFor(snapshot, proxy).map(({metadata}) => `${metadata.namespace}/${metadata.name}`)
      : ['mesh'];
  return configOf<VirtualService>(snapshot, 'VirtualService').flatMap(virtualService => {
    const ref = refOf(virtualService);
    const hosts = hostsOf(virtualService);
    const named = hosts.some(candidate => covers(candidate, host));
    const alike = hosts.some(candidate => candidate.split('.')[0] === shortName);
    if (!named && !alike) return [];
    const outcome = (): VirtualServiceOutcome => {
      if (used.has(key(ref))) return 'used';
      if (!named) return 'other-host';
      if (!exported(virtualService.spec?.exportTo, ref.namespace, proxy.namespace)) return 'not-exported';
      const bound = gateways.filter(gateway => gatewaysOf(virtualService).includes(gateway));
      if (bound.length === 0) return 'other-gateway';
      return 'overruled';
    };
    return [{ref, hosts, outcome: outcome()}];
  });
}

function considerMatches(
  routes: Routes,
  request: RouteRequest,
  considered: ConsideredVirtualService[],
): ConsideredMatch[] {
  const {proxy} = routes;
  const found: ConsideredMatch[] = [];
  let decided = false;
  for (const {gateway, port} of bindings(routes, request)) {
    const context: RuleContext = {proxy, gateway, port};
    for (const virtualService of boundTo(routes, gateway, port)) {
      const ref = refOf(virtualService);
      const entry = considered.find(candidate => key(candidate.ref) === key(ref));
      if (!entry || (entry.outcome !== 'used' && entry.outcome !== 'overruled')) continue;
      const entries = entriesOf(virtualService, context, request);
      if (entry.outcome === 'overruled') {
        if (entries.length > 0 && entries.every(({outcome}) => outcome === 'filtered')) {
          entry.outcome = 'no-rule-for-proxy';
          found.push(...entries);
        }
        continue;
      }
      for (const candidate of entries) {
        found.push(
          decided && candidate.outcome !== 'filtered'
            ? {...candidate, outcome: 'not-reached', mismatches: []}
            : candidate,
        );
        decided ||= candidate.outcome === 'matched';
      }
    }
  }
  return found;
}

function bindings(routes: Routes, request: RouteRequest): {gateway: string; port: number}[] {
  const {proxy, snapshot} = routes;
  if (proxy.kind === 'sidecar') return [{gateway: 'mesh', port: request.port}];
  const listener = gatewayListeners(snapshot, proxy).find(({port}) => port === request.port);
  return (listener?.servers ?? [])
    .filter(({gateway, server}) =>
      serverCovers(gateway, server, withoutPort(request.authority).toLowerCase()),
    )
    .map(({gateway, server}) => ({
      gateway: `${gateway.metadata.namespace}/${gateway.metadata.name}`,
      port: server.port?.number ?? request.port,
    }));
}

/** The VirtualServices that count at a gateway, or for a sidecar those that it imports for the port. */
function boundTo({proxy, scope, snapshot}: Routes, gateway: string, port: number): readonly VirtualService[] {
  if (proxy.kind === 'sidecar') return listenerForPort(scope, port)?.virtualServices ?? [];
  return virtualServiceIndex(snapshot)(proxy.namespace, gateway);
}

/** Every match entry of a VirtualService by itself; a catch-all ends what can be reached. */
function entriesOf(
  virtualService: VirtualService,
  context: RuleContext,
  request: RouteRequest,
): ConsideredMatch[] {
  const found: ConsideredMatch[] = [];
  let closed = false;
  for (const [rule, http] of (virtualService.spec?.http ?? []).entries()) {
    const matches = http.match?.length ? http.match : [undefined];
    for (const [index, match] of matches.entries()) {
      const base = {
        virtualService: refOf(virtualService),
        rule,
        ...(match ? {match: index} : {}),
      };
      const filter = filteredBy(match, virtualService, context);
      if (filter) {
        found.push({...base, outcome: 'filtered', filter, mismatches: []});
        continue;
      }
      const mismatches = (match ? conditionsOf(match) : [])
        .filter(condition => !condition.test(request))
        .map(condition => ({
          field: condition.field,
          wants: condition.wants,
          found: condition.found(request),
        }));
      const outcome = closed ? 'not-reached' : mismatches.length === 0 ? 'matched' : 'not-matched';
      found.push({...base, outcome, mismatches: closed ? [] : mismatches});
      closed ||= matchesEverything(match);
    }
  }
  return found;
}
