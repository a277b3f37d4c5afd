import {createHash, randomUUID} from 'node:crypto';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {
  type AuthorizationRequest,
  type AuthorizationVerdict,
  authorize,
} from '../../../istio/authorization.ts';
import type {Cluster} from '../../../istio/clusters.ts';
import {decide, type RouteDecision} from '../../../istio/decide.ts';
import {withoutPort} from '../../../istio/hosts.ts';
import type {RouteRequest} from '../../../istio/match.ts';
import {normalizedPath} from '../../../istio/normalize-path.ts';
import {type BalancedRequest, cookieOf} from './balancer.ts';
import {replayBody} from './body.ts';
import {answerPreflight, corsHeaders} from './cors.ts';
import type {Exchange} from './exchange.ts';
import {injectFault} from './fault.ts';
import {applyHeaderOperations, flatHeaders, headersOf, headerText, wireText} from './headers.ts';
import type {HeaderMap} from './hop.ts';
import {sendMirrors} from './mirror.ts';
import {nextTry} from './next-try.ts';
import {partyOf, workloadAt} from './parties.ts';
import {type LocalReply, type ReplyContext, sendLocalReply} from './reply.ts';
import {forward, type Try} from './router.ts';
import {finishExchange, type ProxyRuntime} from './runtime.ts';

/** Where a request came in. */
export interface OutboundOrigin {
  /** What the client connected to; at a gateway its own address. */
  ip: string;
  port: number;
  peer: {ip: string; port: number};
}

/** Handles one request that leaves the pod (or passes a gateway): fault, route, policies, telemetry. */
export async function handleOutbound(
  runtime: ProxyRuntime,
  incoming: IncomingMessage,
  response: ServerResponse,
  origin: OutboundOrigin,
): Promise<void> {
  const routes = runtime.routes();
  if (!routes) return void response.destroy();
  const gateway = runtime.kind === 'gateway';
  const headers = headersOf(incoming);
  prepareHeaders(headers, gateway, origin);
  const flat = flatHeaders(headers);
  const request: RouteRequest = {
    method: incoming.method ?? 'GET',
    authority: flat['host'] ?? '',
    path: normalizedPath(incoming.url ?? '/'),
    scheme: gateway ? 'http' : (flat['x-forwarded-proto'] ?? 'http'),
    headers: flat,
    port: origin.port,
    destinationIp: origin.ip,
  };
  const decision = decide(routes, request, runtime.random);
  const exchange = openExchange(runtime, request, flat, incoming, origin, decision);
  const context: ReplyContext = {
    response,
    exchange,
    clock: runtime.clock,
    serverHeader: gateway ? 'istio-envoy' : 'envoy',
  };
  const body = replayBody(incoming);
  let open = true;
  const done = () => {
    if (!open) return;
    open = false;
    exchange.bytesReceived = body.bytes;
    finishExchange(runtime, exchange);
  };
  const reply = (local: LocalReply) => {
    sendLocalReply(context, local);
    done();
  };
  // A sidecar's policies are for what comes in; a gateway's own are asked before anything else.
  const verdict = gateway ? authorize(routes.snapshot, runtime.identity, asAsked(request, origin)) : allowed;
  if (!verdict.allowed) {
    return reply({status: 403, body: 'RBAC: access denied', details: verdict.details});
  }
  const faulted = await injectFault(runtime, decision.fault, flat, exchange, response);
  if (faulted === 'gone') return done();
  if (faulted) return reply(faulted);
  if (decision.cors && answerPreflight(decision.cors, request, reply)) return;

  switch (decision.kind) {
    case 'no-route':
      return reply({status: 404, body: '', flag: 'NR', details: 'route_not_found'});
    case 'block-all':
      return reply({status: 502, body: '', details: 'direct_response'});
    case 'unknown-cluster':
      return reply({status: 503, body: '', flag: 'NC', details: 'cluster_not_found'});
    case 'no-endpoints':
      return reply({status: 503, body: 'no healthy upstream', flag: 'UH', details: 'no_healthy_upstream'});
    case 'redirect': {
      const extra: HeaderMap = {location: wireText(decision.location)};
      applyHeaderOperations(extra, decision.responseHeaders);
      return reply({status: decision.status, body: '', details: 'direct_response', headers: extra});
    }
    case 'direct-response': {
      const extra: HeaderMap = {};
      applyHeaderOperations(extra, decision.responseHeaders);
      return reply({
        status: decision.status,
        body: decision.body,
        details: 'direct_response',
        headers: extra,
      });
    }
    case 'passthrough': {
      exchange.upstreamCluster = 'PassthroughCluster';
      return forward({
        ...context,
        pool: runtime.pool,
        random: runtime.random,
        body,
        method: request.method,
        path: request.path,
        headers,
        countAttempts: true,
        timeout: 0,
        retries: undefined,
        next: dialledTry(runtime, origin),
        onResponseHeaders() {},
        done,
      });
    }
    case 'forward': {
      const {cluster} = decision;
      // No workload of the sandbox speaks HTTP/2, which a port named `grpc` or `http2` asks for.
      if (cluster.port.http2) return reply(protocolError);
      const upstream = {...headers};
      applyHeaderOperations(upstream, decision.requestHeaders);
      upstream['host'] = wireText(decision.authority);
      if (decision.path !== request.path) upstream['x-envoy-original-path'] = request.path;
      exchange.authority = decision.authority;
      const balanced: BalancedRequest = {headers: flat, path: request.path, sourceIp: origin.peer.ip};
      const timeout = timeoutOf(flat, decision.timeout);
      for (const name of ['x-envoy-upstream-rq-timeout-ms', 'x-envoy-expected-rq-timeout-ms']) {
        delete upstream[name];
      }
      if (timeout > 0) upstream['x-envoy-expected-rq-timeout-ms'] = String(timeout);
      upstream['x-envoy-peer-metadata-id'] = nodeId(runtime);
      if (decision.mirrors.length > 0) {
        body.whenComplete(() =>
          sendMirrors(runtime, decision.mirrors, {...request, path: decision.path}, upstream, body, balanced),
        );
      }
      const cookie = cookieToSet(cluster, flat, balanced);
      return forward({
        ...context,
        pool: runtime.pool,
        random: runtime.random,
        body,
        method: request.method,
        path: decision.path === request.path ? request.path : wireText(decision.path),
        headers: upstream,
        countAttempts: true,
        timeout,
        retries: decision.retries,
        next: cluster.toDialled
          ? dialledTry(runtime, origin, cluster)
          : nextTry(runtime, cluster, balanced, exchange),
        onResponseHeaders(responseHeaders) {
          delete responseHeaders['x-envoy-decorator-operation'];
          delete responseHeaders['x-envoy-peer-metadata'];
          delete responseHeaders['x-envoy-peer-metadata-id'];
          if (decision.cors) Object.assign(responseHeaders, corsHeaders(decision.cors, flat));
          if (cookie) responseHeaders['set-cookie'] = [responseHeaders['set-cookie'] ?? [], cookie].flat();
          applyHeaderOperations(responseHeaders, decision.responseHeaders);
        },
        done,
      });
    }
  }
}

const allowed: AuthorizationVerdict = {allowed: true};

/** A client of the gateway as policies see it: without an identity of the mesh. */
function asAsked(
  {method, authority, path, headers}: RouteRequest,
  origin: OutboundOrigin,
): AuthorizationRequest {
  const remote = headers['x-forwarded-for']?.split(',')[0]?.trim();
  return {
    sourceIp: origin.peer.ip,
    ...(remote ? {remoteIp: remote} : {}),
    method,
    authority,
    path,
    port: origin.port,
    headers,
  };
}

const protocolError: LocalReply = {
  status: 502,
  body: 'upstream connect error or disconnect/reset before headers. reset reason: protocol error',
  flag: 'UPE',
  details: 'upstream_reset_before_response_started{protocol_error}',
};

/** Goes to the address that the client dialled; a ServiceEntry may name another port there. */
function dialledTry(
  runtime: ProxyRuntime,
  {ip, port: dialled}: OutboundOrigin,
  cluster?: Cluster,
): () => Promise<Try> {
  const {targetPort} = cluster?.port ?? {};
  const port = typeof targetPort === 'number' && cluster?.service.external ? targetPort : dialled;
  const address = `${ip}:${port}`;
  return async () => ({
    hop: {
      key: `${cluster?.name ?? 'passthrough'}/${address}`,
      connect: () => runtime.attachment.dialDirect(ip, port),
    },
    address,
    finished() {},
  });
}

function prepareHeaders(headers: HeaderMap, gateway: boolean, origin: OutboundOrigin): void {
  if (gateway) {
    for (const name of Object.keys(headers)) {
      if (name.startsWith('x-envoy-')) delete headers[name];
    }
    const before = headerText(headers, 'x-forwarded-for');
    headers['x-forwarded-for'] = before ? `${before},${origin.peer.ip}` : origin.peer.ip;
    headers['x-forwarded-proto'] = 'http';
    headers['x-envoy-internal'] = 'true';
  } else {
    headers['x-forwarded-proto'] ??= 'http';
  }
  headers['x-request-id'] ??= randomUUID();
}

function openExchange(
  runtime: ProxyRuntime,
  request: RouteRequest,
  headers: Readonly<Record<string, string | undefined>>,
  incoming: IncomingMessage,
  origin: OutboundOrigin,
  decision: RouteDecision,
): Exchange {
  const snapshot = runtime.routes()?.snapshot;
  const self = snapshot && workloadAt(snapshot, runtime.identity.ip);
  const source = snapshot && self ? partyOf(self, snapshot.meshConfig.trustDomain) : undefined;
  const cluster = 'cluster' in decision ? decision.cluster : undefined;
  const host = withoutPort(request.authority);
  const service = cluster
    ? {host: cluster.service.hostname, name: cluster.service.name, namespace: cluster.service.namespace}
    : decision.kind === 'passthrough'
      ? {host, name: 'PassthroughCluster', namespace: 'unknown'}
      : decision.kind === 'block-all'
        ? {host, name: 'block_all', namespace: 'unknown'}
        : {host, name: host, namespace: 'unknown'};
  return {
    reporter: 'source',
    started: runtime.clock.now(),
    method: request.method,
    path: request.path,
    protocol: `HTTP/${incoming.httpVersion}`,
    authority: request.authority,
    requestId: headers['x-request-id'] ?? '',
    userAgent: headers['user-agent'],
    forwardedFor: headers['x-forwarded-for'],
    status: 0,
    flags: [],
    details: '',
    transportFailure: undefined,
    bytesReceived: 0,
    bytesSent: 0,
    serviceTime: undefined,
    upstreamHost: undefined,
    upstreamCluster:
      'clusterName' in decision && decision.kind !== 'unknown-cluster' ? decision.clusterName : undefined,
    upstreamLocal: undefined,
    downstreamLocal: `${origin.ip}:${origin.port}`,
    downstreamRemote: `${origin.peer.ip}:${origin.peer.port}`,
    serverName: undefined,
    routeName: decision.routeName,
    source,
    destination: undefined,
    service,
    mutualTls: false,
  };
}

function timeoutOf(headers: Readonly<Record<string, string | undefined>>, configured: number): number {
  const override = Number(headers['x-envoy-upstream-rq-timeout-ms']);
  return Number.isFinite(override) && headers['x-envoy-upstream-rq-timeout-ms'] ? override : configured;
}

/** A cookie of our own for consistent hashing, where it has a lifetime and the client brought none. */
function cookieToSet(
  cluster: Cluster,
  headers: Readonly<Record<string, string | undefined>>,
  balanced: BalancedRequest,
): string | undefined {
  const {loadBalancing} = cluster.settings;
  if (loadBalancing.algorithm !== 'consistent-hash' || loadBalancing.key.by !== 'cookie') return undefined;
  const {name, ttl, path} = loadBalancing.key;
  if (ttl === undefined || cookieOf(headers, name) !== undefined) return undefined;
  const value = createHash('sha256')
    .update(`${balanced.sourceIp}/${headers['x-request-id'] ?? ''}`)
    .digest('hex')
    .slice(0, 16);
  balanced.headers = {
    ...headers,
    cookie: [headers['cookie'], `${name}="${value}"`].filter(Boolean).join('; '),
  };
  const age = ttl > 0 ? `; Max-Age=${Math.round(ttl / 1000)}` : '';
  return `${name}="${value}"${age}${path ? `; Path=${path}` : ''}; HttpOnly`;
}

function nodeId({kind, identity}: ProxyRuntime): string {
  const role = kind === 'gateway' ? 'router' : 'sidecar';
  return `${role}~${identity.ip}~${identity.name}.${identity.namespace}~${identity.namespace}.svc.cluster.local`;
}
