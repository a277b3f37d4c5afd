import {parseDuration} from './duration.ts';
import {headerSteps} from './header-steps.ts';
import {resolveGateway, resolveHost} from './hosts.ts';
import {conditionsOf, matchesEverything} from './match.ts';
import {search} from './re2.ts';
import type {
  CompiledRoute,
  FaultPolicy,
  Mirror,
  RetryPolicy,
  Rewrite,
  RouteAction,
  WeightedDestination,
} from './route-table.ts';
import {labelsMatch, type MeshProxy} from './snapshot.ts';
import {
  type Destination,
  type HttpFault,
  type HttpMatch,
  type HttpRedirect,
  type HttpRetry,
  type HttpRoute,
  type ObjectRef,
  refOf,
  type VirtualService,
} from './types.ts';

export interface RuleContext {
  proxy: MeshProxy;
  /** `mesh`, or the gateway as `namespace/name`. */
  gateway: string;
  /** The port that `match.port` is compared with, and the port of destinations that name none. */
  port: number;
  /** The port of a service that has but one. A sidecar does not look: it takes that of the listener. */
  onlyPort?(host: string): number | undefined;
}

/** Why a match entry is not for this proxy at all. */
export type FilterReason = 'gateways' | 'sourceLabels' | 'sourceNamespace' | 'port';

/**
 * Whether an entry is kept for this proxy. Where it names gateways, source labels and namespace are not
 * looked at (Istio: `sourceMatchHTTP`).
 */
export function filteredBy(
  match: HttpMatch | undefined,
  virtualService: VirtualService,
  context: RuleContext,
): FilterReason | undefined {
  if (!match) return undefined;
  if (match.gateways?.length) {
    const names = match.gateways.map(name => resolveGateway(name, virtualService.metadata.namespace ?? ''));
    if (!names.includes(context.gateway)) return 'gateways';
  } else {
    if (!labelsMatch(match.sourceLabels, context.proxy.labels)) return 'sourceLabels';
    if (match.sourceNamespace && match.sourceNamespace !== context.proxy.namespace) return 'sourceNamespace';
  }
  if (match.port !== undefined && match.port !== 0 && match.port !== context.port) return 'port';
  return undefined;
}

/** The routes of a VirtualService for one proxy and port, up to the first that matches everything. */
export function compileVirtualService(virtualService: VirtualService, context: RuleContext): CompiledRoute[] {
  const routes: CompiledRoute[] = [];
  const rules = virtualService.spec?.http ?? [];
  for (const [rule, http] of rules.entries()) {
    const matches: (HttpMatch | undefined)[] = http.match?.length ? http.match : [undefined];
    for (const [index, match] of matches.entries()) {
      if (filteredBy(match, virtualService, context)) continue;
      const route = compileRule(virtualService, http, rule, match, match ? index : undefined, context);
      if (!route) continue;
      routes.push(route);
      if (route.catchAll) return routes;
    }
  }
  return routes;
}

function compileRule(
  virtualService: VirtualService,
  http: HttpRoute,
  rule: number,
  match: HttpMatch | undefined,
  matchIndex: number | undefined,
  context: RuleContext,
): CompiledRoute | undefined {
  const action = compileAction(http, match, virtualService.metadata.namespace ?? '', context);
  if (!action) return undefined;
  const fault = http.fault ? compileFault(http.fault) : undefined;
  const name = [http.name, match?.name].filter(Boolean).join('.') || '-';
  const ref = (http as {origin?: ObjectRef}).origin ?? refOf(virtualService);
  return {
    name,
    origin: {virtualService: ref, rule, ...(matchIndex === undefined ? {} : {match: matchIndex})},
    conditions: match ? conditionsOf(match) : [],
    catchAll: matchesEverything(match),
    action,
    ...(fault ? {fault} : {}),
    ...(http.corsPolicy ? {cors: http.corsPolicy} : {}),
  };
}

function compileAction(
  http: HttpRoute,
  match: HttpMatch | undefined,
  namespace: string,
  context: RuleContext,
): RouteAction | undefined {
  if (http.redirect) {
    const status = http.redirect.redirectCode || 301;
    if (![301, 302, 303, 307, 308].includes(status)) return undefined;
    const port = redirectPort(http.redirect, context.port);
    return {
      kind: 'redirect',
      redirect: http.redirect,
      status,
      ...(port ? {port} : {}),
      responseHeaders: headerSteps(http.headers).response,
    };
  }
  if (http.directResponse) {
    const {status, body} = http.directResponse;
    const text = body?.string ?? (body?.bytes ? decodeBase64(body.bytes) : '');
    return {
      kind: 'direct-response',
      status,
      body: text,
      responseHeaders: headerSteps(http.headers).response,
    };
  }
  const rewrite = compileRewrite(http, match);
  const retries = compileRetries(http.retries);
  return {
    kind: 'forward',
    destinations: compileDestinations(http, namespace, context),
    ...(rewrite ? {rewrite} : {}),
    timeout: parseDuration(http.timeout) ?? 0,
    ...(retries ? {retries} : {}),
    mirrors: compileMirrors(http, namespace, context),
  };
}

/** Destinations of weight 0 are dropped where there are several; a single one takes all, whatever its weight. */
function compileDestinations(
  http: HttpRoute,
  namespace: string,
  context: RuleContext,
): WeightedDestination[] {
  const entries = http.route ?? [];
  const kept = entries.length === 1 ? entries : entries.filter(entry => (entry.weight ?? 0) > 0);
  return kept.map(entry => ({
    ...resolveDestination(entry.destination, namespace, context),
    weight: entries.length === 1 ? 1 : (entry.weight ?? 0),
    headers: headerSteps(http.headers, entry.headers, entries.length > 1),
  }));
}

const wellKnownPorts: Readonly<Record<string, number>> = {http: 80, https: 443};

/** Istio: `ApplyRedirect`; FROM_REQUEST_PORT is the port of the listener, whatever port the client wrote. */
function redirectPort(redirect: HttpRedirect, listenerPort: number): number | undefined {
  const port = redirect.port ?? (redirect.derivePort === 'FROM_REQUEST_PORT' ? listenerPort : undefined);
  return port === wellKnownPorts[redirect.scheme || 'http'] ? undefined : port;
}

/** The port of a destination: its own, else at a gateway the service's only one, else that of the listener. */
function resolveDestination(
  destination: Destination,
  namespace: string,
  context: RuleContext,
): {host: string; port: number; subset?: string} {
  const host = resolveHost(destination.host, namespace);
  return {
    host,
    port: destination.port?.number ?? context.onlyPort?.(host) ?? context.port,
    ...(destination.subset ? {subset: destination.subset} : {}),
  };
}

function compileMirrors(http: HttpRoute, namespace: string, context: RuleContext): Mirror[] {
  const legacy = http.mirrorPercent ?? http.mirror_percent;
  const percentage = http.mirrorPercentage ? (http.mirrorPercentage.value ?? 0) : (legacy ?? 100);
  const single = http.mirror ? [{destination: http.mirror, percentage}] : [];
  const several = (http.mirrors ?? []).map(mirror => ({
    destination: mirror.destination,
    percentage: mirror.percentage ? (mirror.percentage.value ?? 0) : 100,
  }));
  return [...single, ...several].map(({destination, percentage: share}) => ({
    ...resolveDestination(destination, namespace, context),
    percentage: share,
  }));
}

/** Without a percentage a fault hits nobody (Istio: `TranslateFault`). */
function compileFault(fault: HttpFault): FaultPolicy {
  const delay = parseDuration(fault.delay?.fixedDelay);
  const status = fault.abort?.httpStatus ?? (fault.abort?.grpcStatus ? 200 : undefined);
  return {
    ...(delay === undefined
      ? {}
      : {
          delay: {
            milliseconds: delay,
            percentage: fault.delay?.percentage?.value ?? fault.delay?.percent ?? 0,
          },
        }),
    ...(status === undefined
      ? {}
      : {
          abort: {
            httpStatus: status,
            percentage: fault.abort?.percentage?.value ?? 0,
            ...(fault.abort?.grpcStatus ? {grpcStatus: fault.abort.grpcStatus} : {}),
          },
        }),
  };
}

const defaultRetryOn = [
  'connect-failure',
  'refused-stream',
  'unavailable',
  'cancelled',
  'retriable-status-codes',
];

/** Istio's own default is two more tries, on failures that are safe to repeat; a 503 answer is none of them. */
export function compileRetries(retries: HttpRetry | undefined): RetryPolicy | undefined {
  if (retries && (retries.attempts ?? 0) <= 0) return undefined;
  const named = retries?.retryOn
    ? retries.retryOn
        .split(',')
        .map(entry => entry.trim())
        .filter(entry => entry !== '')
    : defaultRetryOn;
  const statusCodes = new Set(named.map(Number).filter(code => code >= 100 && code < 600));
  const perTryTimeout = parseDuration(retries?.perTryTimeout);
  return {
    attempts: retries?.attempts ?? 2,
    ...(perTryTimeout ? {perTryTimeout} : {}),
    retryOn: new Set(named.filter(entry => Number.isNaN(Number(entry)))),
    statusCodes,
    backoff: parseDuration(retries?.backoff) ?? 25,
  };
}

function compileRewrite(http: HttpRoute, match: HttpMatch | undefined): Rewrite | undefined {
  if (!http.rewrite) return undefined;
  const {uri, authority, uriRegexRewrite} = http.rewrite;
  return {
    ...(uri ? {uri} : {}),
    ...(match?.uri ? {matched: match.uri} : {}),
    ignoreCase: match?.ignoreUriCase === true,
    ...(authority ? {authority} : {}),
    ...(uriRegexRewrite
      ? {
          regex: {
            pattern: search(uriRegexRewrite.match),
            substitution: uriRegexRewrite.rewrite,
          },
        }
      : {}),
  };
}

function decodeBase64(text: string): string {
  const bytes = Uint8Array.from(atob(text), char => char.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
