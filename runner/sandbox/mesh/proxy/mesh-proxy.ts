import {createServer, type Server, type ServerResponse} from 'node:http';
import type {Duplex} from 'node:stream';
import {messageOf} from '../../../errors.ts';
import {authorizeConnection} from '../../../istio/authorization.ts';
import {buildRoutes} from '../../../istio/build-routes.ts';
import {gatewayListeners} from '../../../istio/gateway-routes.ts';
import {
  asksServerName,
  type OutboundListener,
  outboundListener,
  type TcpTarget,
} from '../../../istio/listener.ts';
import {serverMutualTls} from '../../../istio/peer-authentication.ts';
import type {Routes} from '../../../istio/route-table.ts';
import type {MeshSnapshot} from '../../../istio/snapshot.ts';
import type {Clock, Random} from '../../clock.ts';
import type {Listener, Peer, PodAttachment} from '../network.ts';
import {resetConnection} from '../reset.ts';
import {createBalancer} from './balancer.ts';
import {createHopPool} from './hop.ts';
import {handleInbound, type InboundOrigin, serviceBehind} from './inbound.ts';
import {createPoolLimits} from './limits.ts';
import {createMetrics} from './metrics.ts';
import {mutualTlsPrincipal} from './next-try.ts';
import {handleOutbound, type OutboundOrigin} from './outbound.ts';
import {createOutlierDetector} from './outlier.ts';
import {partyOf, workloadAt} from './parties.ts';
import type {ProxyIdentity, ProxyRuntime} from './runtime.ts';
import {createStats} from './stats.ts';
import {join, sniff} from './tcp.ts';

export interface MeshProxyOptions {
  kind: 'sidecar' | 'gateway';
  attachment: PodAttachment;
  identity: ProxyIdentity;
  clock: Clock;
  random: Random;
  /** Adds a line to the proxy container's log. */
  log(line: string): void;
}

/** A running proxy: the simulated Envoy of one pod. */
export interface MeshProxyServer {
  readonly runtime: ProxyRuntime;
  /** The revision in force, or undefined before the first. */
  readonly revision: string | undefined;
  /** Puts a configuration in force; requests under way keep their routes. */
  update(snapshot: MeshSnapshot, revision: string): Promise<void>;
  stop(): Promise<void>;
}

/** Ports of the proxy itself, which are never reached through its capture. */
const ownPorts = new Set([15000, 15001, 15004, 15006, 15053]);

export function createMeshProxy(options: MeshProxyOptions): MeshProxyServer {
  const {kind, attachment, identity, clock, random} = options;
  let routes: Routes | undefined;
  let revision: string | undefined;
  const runtime: ProxyRuntime = {
    ...options,
    pool: createHopPool(),
    balancer: createBalancer({random}),
    outliers: createOutlierDetector({clock}),
    limits: createPoolLimits(),
    metrics: createMetrics(),
    stats: createStats(),
    routes: () => routes,
  };
  const outboundOrigins = new WeakMap<object, OutboundOrigin>();
  const inboundOrigins = new WeakMap<object, InboundOrigin>();
  const outbound = createHttpServer();
  const inbound = createHttpServer();
  const connections = new Set<Duplex>();
  const gatewayPorts = new Map<number, Listener>();

  outbound.on('request', (request, response) => {
    const origin = outboundOrigins.get(request.socket);
    if (origin) guarded(response, () => handleOutbound(runtime, request, response, origin));
    else response.destroy();
  });
  inbound.on('request', (request, response) => {
    const origin = inboundOrigins.get(request.socket);
    if (origin) guarded(response, () => handleInbound(runtime, request, response, origin));
    else response.destroy();
  });

  function track(connection: Duplex): void {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
    connection.on('error', () => connection.destroy());
  }

  /** What a request makes fail here is told in the log and to its client; the proxy goes on. */
  function guarded(response: ServerResponse, handle: () => void | Promise<void>): void {
    const refuse = (error: unknown) => {
      options.log(`request failed in the simulated proxy: ${messageOf(error)}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, {'content-length': 0}).end();
    };
    try {
      handle()?.catch(refuse);
    } catch (error) {
      refuse(error);
    }
  }

  function serve(server: Server, connection: Duplex): void {
    server.emit('connection', connection);
  }

  function passTcp(connection: Duplex, destination: {ip: string; port: number}, target: TcpTarget): void {
    if (target.kind === 'tcp-blocked' || target.kind === 'tcp-unknown') return resetConnection(connection);
    const snapshot = routes?.snapshot;
    const cluster = target.kind === 'tcp' ? target.cluster : undefined;
    const balanced = cluster && !cluster.toDialled;
    const endpoint = balanced
      ? runtime.balancer.pick(
          cluster,
          runtime.outliers.healthy(cluster),
          {headers: {}, path: '', sourceIp: identity.ip},
          new Set(),
        )
      : undefined;
    if (balanced && !endpoint) return void connection.destroy();
    const principal = cluster && endpoint ? mutualTlsPrincipal(runtime, cluster, endpoint) : undefined;
    const {ip, port} = endpoint ?? destination;
    const trustDomain = snapshot?.meshConfig.trustDomain ?? '';
    const self = snapshot && workloadAt(snapshot, identity.ip);
    const labels = {
      reporter: 'source' as const,
      source: self ? partyOf(self, trustDomain) : undefined,
      destination: endpoint?.workload ? partyOf(endpoint.workload, trustDomain) : undefined,
      service: cluster
        ? {host: cluster.service.hostname, name: cluster.service.name, namespace: cluster.service.namespace}
        : undefined,
      flags: '-',
      mutualTls: principal !== undefined,
    };
    attachment.dialDirect(ip, port, principal ? {principal} : undefined).then(
      upstream => {
        track(upstream);
        runtime.metrics.recordTcp('opened', labels);
        join(connection, upstream, bytes => runtime.metrics.recordTcp('closed', labels, bytes));
      },
      () => connection.destroy(),
    );
  }

  function captureOutbound(connection: Duplex, destination: {ip: string; port: number}): void {
    track(connection);
    if (!routes) return void connection.destroy();
    const inForce = routes;
    const listener = outboundListener(inForce, destination, random);
    const pass = (chosen: OutboundListener) =>
      passTcp(connection, destination, chosen.kind === 'http' ? chosen.tcp : chosen);
    // Where no rule asks for them, first bytes are not waited for: the server may be the one that talks first.
    if (listener.kind !== 'http' && !asksServerName(inForce, destination)) return pass(listener);
    outboundOrigins.set(connection, {...destination, peer: {ip: identity.ip, port: 0}});
    sniff(connection, beginning => {
      if (beginning.kind === 'http' && listener.kind === 'http') return serve(outbound, connection);
      const {serverName} = beginning.kind === 'tls' ? beginning : {};
      pass(serverName ? outboundListener(inForce, {...destination, serverName}, random) : listener);
    });
  }

  /** Whether the mode of mutual TLS leaves no filter chain for such a connection. */
  function refuses(snapshot: MeshSnapshot, {principal}: Peer, port: number): boolean {
    const mode = serverMutualTls(snapshot, identity, port);
    return principal === undefined ? mode === 'STRICT' : mode === 'DISABLE';
  }

  function captureInbound(connection: Duplex, peer: Peer, port: number): void {
    track(connection);
    if (!routes || ownPorts.has(port)) return resetConnection(connection);
    if (refuses(routes.snapshot, peer, port)) return resetConnection(connection);
    inboundOrigins.set(connection, {peer, port});
    const protocol = serviceBehind(routes.snapshot, runtime, port)?.protocol ?? 'auto';
    if (protocol === 'http') return serve(inbound, connection);
    const {snapshot} = routes;
    const pass = () => {
      const {principal, ip: sourceIp} = peer;
      const asked = {...(principal ? {principal} : {}), sourceIp, port};
      if (!authorizeConnection(snapshot, identity, asked).allowed) return void connection.destroy();
      attachment.dialLocal(port).then(
        local => {
          track(local);
          join(connection, local);
        },
        () => connection.destroy(),
      );
    };
    if (protocol === 'tcp' || protocol === 'tls') return pass();
    sniff(connection, ({kind: spoken}) => {
      if (spoken === 'http') serve(inbound, connection);
      else pass();
    });
  }

  async function openGatewayPorts(snapshot: MeshSnapshot): Promise<void> {
    const proxy = {kind, ...identity};
    const wanted = new Map(
      gatewayListeners(snapshot, proxy)
        .filter(listener => ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'].includes(listener.protocol))
        .map(listener => [listener.port, listener]),
    );
    for (const [port, listener] of gatewayPorts) {
      if (wanted.has(port)) continue;
      gatewayPorts.delete(port);
      await listener.close();
    }
    for (const port of wanted.keys()) {
      if (gatewayPorts.has(port)) continue;
      const listener = await attachment.network.listen(port, (connection, peer) => {
        track(connection);
        outboundOrigins.set(connection, {ip: identity.ip, port, peer});
        serve(outbound, connection);
      });
      gatewayPorts.set(port, listener);
    }
  }

  const release =
    kind === 'sidecar' ? attachment.capture({outbound: captureOutbound, inbound: captureInbound}) : undefined;

  return {
    runtime,
    get revision() {
      return revision;
    },
    async update(snapshot, next) {
      routes = buildRoutes(snapshot, {kind, ...identity});
      revision = next;
      // A filter chain that is gone takes its connections along, so that callers keep none of them for later.
      for (const connection of connections) {
        const origin = inboundOrigins.get(connection);
        if (origin && refuses(snapshot, origin.peer, origin.port)) connection.destroy();
      }
      if (kind === 'gateway') await openGatewayPorts(snapshot);
    },
    async stop() {
      release?.();
      for (const listener of gatewayPorts.values()) await listener.close();
      runtime.pool.close();
      for (const connection of connections) connection.destroy();
      outbound.close();
      inbound.close();
    },
  };
}

/** An HTTP server without limits of its own: Envoy waits for hours where Node gives up after seconds. */
function createHttpServer(): Server {
  const server = createServer({keepAlive: false, requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0});
  server.on('clientError', (_error, socket) => {
    if (socket.writable) {
      socket.end(
        'HTTP/1.1 400 Bad Request\r\ncontent-length: 11\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\nBad Request',
      );
    } else socket.destroy();
  });
  return server;
}
