import {distance} from '../../nearest.ts';
import {type FilterReason, filteredBy, type RuleContext} from '../compile-rule.ts';
import {gatewaysFor} from '../gateway-routes.ts';
import {covers, resolveHost} from '../hosts.ts';
import {conditionsOf, type MatchCondition, matchesEverything, type RouteRequest} from '../match.ts';
import type {RouteOrigin, Routes} from '../route-table.ts';
import {listenerForPort} from '../sidecar-scope.ts';
import {configOf, type MeshService} from '../snapshot.ts';
import {type Gateway, type HttpMatch, type ObjectRef, refOf, type VirtualService} from '../types.ts';
import {gatewaysOf, hostsOf} from '../virtual-services.ts';
import {exported} from '../visibility.ts';
import {sameObject} from './objects.ts';
import type {Decision, NotApplied, NotAppliedReason} from './way.ts';
import {conditionText} from './words.ts';

export interface Considering {
  routes: Routes;
  request: RouteRequest;
  /** What is called; absent at a gateway, where hosts are what clients ask for. */
  service: MeshService | undefined;
  decision: Decision['kind'];
  /** The rule that decided. */
  taken?: RouteOrigin;
  /** The VirtualServices that the proxy uses for the host. */
  used: readonly ObjectRef[];
}

/** The VirtualServices, and rules of them, that stand near a call and do not decide it, each with the reason. */
export function notApplied(options: Considering): readonly NotApplied[] {
  return configOf<VirtualService>(options.routes.snapshot, 'VirtualService').flatMap(virtualService => {
    if (options.used.some(used => sameObject(used, refOf(virtualService)))) {
      return passedOver(virtualService, options);
    }
    const found = unusedBecause(virtualService, options);
    return found ? [{object: refOf(virtualService), ...found}] : [];
  });
}

type Because = Pick<NotApplied, 'reason' | 'because' | 'path'>;

function unusedBecause(virtualService: VirtualService, options: Considering): Because | undefined {
  const {routes, request, service, decision} = options;
  const {proxy, scope} = routes;
  const {namespace} = refOf(virtualService);
  const host =
    service && proxy.kind === 'sidecar' ? service.hostname : request.authority.replace(/:\d+$/, '');
  if (!hostsOf(virtualService).some(pattern => covers(pattern, host))) {
    return service && proxy.kind === 'sidecar' ? elsewhere(virtualService, service, options) : undefined;
  }
  if (decision === 'no-sidecar') {
    return {reason: 'caller-without-sidecar', because: 'is for sidecars, and the caller has none'};
  }
  if (proxy.kind === 'gateway') return notAtGateway(virtualService, options);
  if (!gatewaysOf(virtualService).includes('mesh')) {
    // At a gateway `*` is whatever it serves; only a host that names the service may have been meant for the mesh.
    const named = hostsOf(virtualService).some(pattern => pattern !== '*' && covers(pattern, host));
    return named ? gatewayOnly(virtualService, options) : undefined;
  }
  if (!exported(virtualService.spec?.exportTo, namespace, proxy.namespace)) {
    const list = (virtualService.spec?.exportTo ?? []).join(', ');
    return {
      reason: 'not-exported',
      path: 'spec.exportTo',
      because: `is exported to ${list === '.' ? `its own namespace ${namespace}` : list} only, and the caller is in ${proxy.namespace}`,
    };
  }
  if (decision === 'tcp') {
    return {reason: 'port-not-http', because: 'has rules for HTTP, and the port is not HTTP by its name'};
  }
  const imported = listenerForPort(scope, request.port)?.virtualServices ?? [];
  const visible = imported.some(other => sameObject(refOf(other), refOf(virtualService)));
  if (!visible || decision === 'passthrough' || decision === 'blocked') {
    const {sidecar} = scope;
    return {
      reason: 'hidden-by-sidecar-resource',
      because: sidecar
        ? `is hidden from the caller by Sidecar ${sidecar.metadata.namespace}/${sidecar.metadata.name}`
        : `is for a host that the caller's proxy does not know at this port`,
    };
  }
  const filters = entriesOf(virtualService).map(({match}) =>
    filteredBy(match, virtualService, {proxy, gateway: 'mesh', port: request.port}),
  );
  if (filters.length > 0 && filters.every(filter => filter !== undefined)) {
    return filteredText(virtualService, filters[0] as FilterReason, 0, options);
  }
  const [winner] = options.used;
  if (!winner) return {reason: 'other-host', because: 'has no rule that counts for this call'};
  return {
    reason: 'older-one-wins',
    because: `is not used: VirtualService ${winner.namespace}/${winner.name} has the same host and comes first`,
  };
}

/** Hosts that do not mean the service, and may have been meant for it. */
function elsewhere(
  virtualService: VirtualService,
  service: MeshService,
  {routes}: Considering,
): Because | undefined {
  const {namespace} = refOf(virtualService);
  const known = (host: string) => routes.snapshot.services.some(({hostname}) => hostname === host);
  for (const [index, written] of (virtualService.spec?.hosts ?? []).entries()) {
    const path = `spec.hosts[${index}]`;
    const resolved = resolveHost(written, namespace).toLowerCase();
    if (known(resolved) || written.includes('*')) continue;
    if (written.toLowerCase() === service.name) {
      return {
        reason: 'other-namespace',
        path,
        because: `says "${written}", which means ${resolved} in its namespace ${namespace}`,
      };
    }
    if (written.toLowerCase().startsWith(`${service.name}.`)) {
      return {
        reason: 'half-a-name',
        path,
        because: `says "${written}": a host is a name without a dot, or the full ${service.hostname}`,
      };
    }
    const [first = ''] = written.toLowerCase().split('.');
    if (distance(first, service.name) <= Math.max(1, Math.floor(service.name.length / 4))) {
      return {reason: 'other-host', path, because: `is for "${written}", and there is no such service`};
    }
  }
  const leadsHere = (virtualService.spec?.http ?? []).some(({route = []}) =>
    route.some(({destination}) => resolveHost(destination.host, namespace) === service.hostname),
  );
  if (!leadsHere || !gatewaysOf(virtualService).includes('mesh')) return undefined;
  const hosts = (virtualService.spec?.hosts ?? []).join(', ');
  return {
    reason: 'other-host',
    path: 'spec.hosts',
    because: `leads to ${service.name}, but is for calls to ${hosts}`,
  };
}

function gatewayOnly(virtualService: VirtualService, {routes}: Considering): Because {
  const names = gatewaysOf(virtualService);
  const written = (virtualService.spec?.gateways ?? []).join(', ');
  const there = configOf<Gateway>(routes.snapshot, 'Gateway').map(
    ({metadata}) => `${metadata.namespace}/${metadata.name}`,
  );
  const missing = names.every(name => !there.includes(name));
  return {
    reason: 'gateway-only',
    path: 'spec.gateways',
    because: `is bound to ${written} only${missing ? ', which does not exist' : ''}; sidecars use it once mesh is named too`,
  };
}

function notAtGateway(virtualService: VirtualService, {routes}: Considering): Because {
  const {proxy, snapshot} = routes;
  const names = gatewaysOf(virtualService);
  if (names.every(name => name === 'mesh')) {
    return {
      reason: 'other-gateway',
      path: 'spec.gateways',
      because: 'names no gateway, so it is for sidecars only',
    };
  }
  const all = configOf<Gateway>(snapshot, 'Gateway');
  const nameOf = ({metadata}: Gateway) => `${metadata.namespace}/${metadata.name}`;
  const bound = all.filter(gateway => names.includes(nameOf(gateway)));
  const written = (virtualService.spec?.gateways ?? []).join(', ');
  if (bound.length === 0) {
    return {
      reason: 'gateway-unknown',
      path: 'spec.gateways',
      because: `names the gateway ${written}, which does not exist`,
    };
  }
  const selected = gatewaysFor(snapshot, proxy);
  if (bound.every(gateway => !selected.includes(gateway))) {
    return {
      reason: 'other-gateway',
      path: 'spec.gateways',
      because: `is bound to ${written}, which does not select this gateway's pods`,
    };
  }
  return {
    reason: 'other-host',
    path: 'spec.hosts',
    because: 'has no host in common with its gateway, or none that was asked for',
  };
}

/** Rules of the VirtualService in force that a request does not take, although they stand before, or would fit. */
function passedOver(virtualService: VirtualService, options: Considering): readonly NotApplied[] {
  const {routes, request, taken} = options;
  const object = refOf(virtualService);
  const decides = taken !== undefined && sameObject(taken.virtualService, object);
  const context: RuleContext = {
    proxy: routes.proxy,
    gateway: gatewayOf(virtualService, options),
    port: request.port,
  };
  const found: NotApplied[] = [];
  let behind = false;
  for (const {rule, index, match} of entriesOf(virtualService)) {
    if (decides && rule === taken.rule && index === taken.match) {
      behind = true;
      continue;
    }
    const path = `spec.http[${rule}]${index === undefined ? '' : `.match[${index}]`}`;
    const filter = filteredBy(match, virtualService, context);
    if (filter) {
      found.push({object, ...filteredText(virtualService, filter, rule, options, index), path});
      continue;
    }
    const mismatches = (match ? conditionsOf(match) : []).filter(condition => !condition.test(request));
    if (behind || (taken && !decides)) {
      const own = match !== undefined && !matchesEverything(match);
      if (own && rule !== taken?.rule && mismatches.length === 0 && !fitsEveryCall(match, request)) {
        found.push({
          object,
          path,
          reason: 'earlier-rule-wins',
          because: `would fit, but ${placeText(taken)} comes first`,
        });
      }
      continue;
    }
    if (mismatches.length === 0) continue;
    found.push({
      object,
      path,
      reason: 'request-does-not-match',
      because: mismatches.map(condition => mismatchText(condition, request)).join('; '),
    });
  }
  return found;
}

/** A condition on the path alone fits whoever asks, so that a rule behind with one is no surprise. */
function fitsEveryCall(match: HttpMatch, request: RouteRequest): boolean {
  return match.headers === undefined && match.withoutHeaders === undefined && request.method === 'GET';
}

function placeText(taken: RouteOrigin | undefined): string {
  if (!taken) return 'another rule';
  return `http[${taken.rule}]${taken.match === undefined ? '' : `.match[${taken.match}]`}`;
}

function gatewayOf(virtualService: VirtualService, {routes}: Considering): string {
  if (routes.proxy.kind === 'sidecar') return 'mesh';
  const own = gatewaysFor(routes.snapshot, routes.proxy).map(
    ({metadata}) => `${metadata.namespace}/${metadata.name}`,
  );
  return gatewaysOf(virtualService).find(name => own.includes(name)) ?? '';
}

function mismatchText(condition: MatchCondition, request: RouteRequest): string {
  const found = condition.found(request);
  const has = found === undefined ? 'this call has none' : `this call has ${JSON.stringify(found)}`;
  return `wants ${conditionText(condition)}, and ${has}`;
}

const filterReasons: Readonly<Record<FilterReason, NotAppliedReason>> = {
  gateways: 'rule-for-other-gateway',
  sourceLabels: 'other-caller',
  sourceNamespace: 'other-caller',
  port: 'other-port',
};

function filteredText(
  virtualService: VirtualService,
  filter: FilterReason,
  rule: number,
  {routes, request}: Considering,
  index = 0,
): Because {
  const match = virtualService.spec?.http?.[rule]?.match?.[index];
  const path = `spec.http[${rule}].match[${index}].${filter}`;
  const reason = filterReasons[filter];
  switch (filter) {
    case 'port':
      return {reason, path, because: `is for port ${match?.port}, and the call goes to port ${request.port}`};
    case 'sourceLabels': {
      const labels = Object.entries(match?.sourceLabels ?? {}).map(([key, value]) => `${key}=${value}`);
      return {
        reason,
        path,
        because: `is for callers with ${labels.join(', ')}, and ${routes.proxy.name} is none`,
      };
    }
    case 'sourceNamespace':
      return {
        reason,
        path,
        because: `is for callers in the namespace ${match?.sourceNamespace}, and this one is in ${routes.proxy.namespace}`,
      };
    case 'gateways':
      return {reason, path, because: `is for ${(match?.gateways ?? []).join(', ')} only`};
  }
}

/** Every match entry of every rule; a rule without any counts as one. */
export function entriesOf(
  virtualService: VirtualService,
): readonly {rule: number; index?: number; match?: HttpMatch}[] {
  return (virtualService.spec?.http ?? []).flatMap((http, rule) =>
    http.match?.length ? http.match.map((match, index) => ({rule, index, match})) : [{rule}],
  );
}
