import {createHash} from 'node:crypto';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {authorize} from '../../../istio/authorization.ts';
import {compileRetries} from '../../../istio/compile-rule.ts';
import type {MeshSnapshot} from '../../../istio/snapshot.ts';
import type {Peer} from '../network.ts';
import {replayBody} from './body.ts';
import type {Exchange} from './exchange.ts';
import {flatHeaders, headersOf, headerText} from './headers.ts';
import {partyOf, spiffeId, workloadAt} from './parties.ts';
import {type LocalReply, sendLocalReply} from './reply.ts';
import {forward} from './router.ts';
import {finishExchange, type ProxyRuntime} from './runtime.ts';

export interface InboundOrigin {
  peer: Peer;
  /** The pod's port. */
  port: number;
}

/** Sidecar to its own application: a connection that broke before the request is tried again. */
const inboundRetries = compileRetries({attempts: 2, retryOn: 'reset-before-request'});

/** Handles one request that enters the pod: authorization, then the application. */
export function handleInbound(
  runtime: ProxyRuntime,
  incoming: IncomingMessage,
  response: ServerResponse,
  {peer, port}: InboundOrigin,
): void {
  const routes = runtime.routes();
  if (!routes) return void response.destroy();
  const {snapshot} = routes;
  const headers = headersOf(incoming);
  const peerNode = headerText(headers, 'x-envoy-peer-metadata-id');
  delete headers['x-envoy-peer-metadata-id'];
  delete headers['x-envoy-peer-metadata'];
  const flat = flatHeaders(headers);
  const service = serviceBehind(snapshot, runtime, port);
  const own = spiffeId(runtime.identity, snapshot.meshConfig.trustDomain);
  const self = workloadAt(snapshot, runtime.identity.ip);
  const caller = peer.principal || peerNode ? workloadAt(snapshot, peer.ip) : undefined;
  const {trustDomain} = snapshot.meshConfig;
  const exchange: Exchange = {
    reporter: 'destination',
    started: runtime.clock.now(),
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    protocol: `HTTP/${incoming.httpVersion}`,
    authority: flat['host'] ?? '',
    requestId: flat['x-request-id'] ?? '',
    userAgent: flat['user-agent'],
    forwardedFor: flat['x-forwarded-for'],
    status: 0,
    flags: [],
    details: '',
    transportFailure: undefined,
    bytesReceived: 0,
    bytesSent: 0,
    serviceTime: undefined,
    upstreamHost: undefined,
    upstreamCluster: service ? `inbound|${port}||` : 'InboundPassthroughCluster',
    upstreamLocal: `127.0.0.6:${peer.port}`,
    downstreamLocal: `${runtime.identity.ip}:${port}`,
    downstreamRemote: `${peer.ip}:${peer.port}`,
    serverName: peer.principal && service ? `outbound_.${service.port}_._.${service.host}` : undefined,
    routeName: 'default',
    source: caller ? partyOf(caller, trustDomain) : undefined,
    destination: self ? partyOf(self, trustDomain) : undefined,
    service,
    mutualTls: peer.principal !== undefined,
  };
  const context = {response, exchange, clock: runtime.clock, serverHeader: 'istio-envoy'};
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
  const verdict = authorize(snapshot, runtime.identity, {
    ...(peer.principal ? {principal: peer.principal} : {}),
    sourceIp: peer.ip,
    ...(flat['x-forwarded-for'] ? {remoteIp: flat['x-forwarded-for'].split(',')[0]?.trim() ?? peer.ip} : {}),
    method: exchange.method,
    authority: exchange.authority,
    path: exchange.path,
    port,
    headers: flat,
  });
  if (!verdict.allowed) return reply({status: 403, body: 'RBAC: access denied', details: verdict.details});

  headers['x-forwarded-proto'] ??= 'http';
  headers['x-request-id'] ??= crypto.randomUUID();
  exchange.requestId = headerText(headers, 'x-request-id') ?? '';
  if (peer.principal) {
    const element = clientCertificate(own, peer.principal);
    const before = headerText(headers, 'x-forwarded-client-cert');
    headers['x-forwarded-client-cert'] = before ? `${before},${element}` : element;
  }
  const localService = service;
  forward({
    ...context,
    pool: runtime.pool,
    random: runtime.random,
    body,
    method: exchange.method,
    path: exchange.path,
    headers: {'x-envoy-attempt-count': '1', ...headers},
    countAttempts: false,
    timeout: 0,
    retries: inboundRetries,
    next: async () => ({
      hop: {key: `local/${port}`, connect: () => runtime.attachment.dialLocal(port)},
      address: `${runtime.identity.ip}:${port}`,
      finished() {},
    }),
    onResponseHeaders(responseHeaders) {
      if (localService && !peerNode) {
        responseHeaders['x-envoy-decorator-operation'] = `${localService.host}:${localService.port}/*`;
      }
    },
    done,
  });
}

/** The service that leads to a port of this pod; Envoy knows one inbound cluster for each. */
export function serviceBehind(
  snapshot: MeshSnapshot,
  {identity}: Pick<ProxyRuntime, 'identity'>,
  port: number,
): {host: string; name: string; namespace: string; port: number; protocol: string} | undefined {
  for (const service of snapshot.services) {
    for (const candidate of service.ports) {
      const leads = candidate.endpoints.some(
        endpoint => endpoint.ip === identity.ip && endpoint.port === port,
      );
      if (leads) {
        return {
          host: service.hostname,
          name: service.name,
          namespace: service.namespace,
          port: candidate.number,
          protocol: candidate.protocol,
        };
      }
    }
  }
  return undefined;
}

function clientCertificate(own: string, peer: string): string {
  const hash = createHash('sha256').update(peer).digest('hex');
  return `By=${own};Hash=${hash};Subject="";URI=${peer}`;
}
