import {rm} from 'node:fs/promises';
import {connect, createServer, type Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import type {Capture, ConnectionHandler, Peer, PodAttachment} from './network.ts';
import {addressInUseError, connectError, notFoundError} from './network-errors.ts';
import {type Preamble, readPreamble, writePreamble} from './preamble.ts';
import {pair, resetConnection} from './reset.ts';
import type {ServiceDirectory} from './service-directory.ts';

/** What pods share: the directory, and the way to each other. */
export interface Fabric {
  services: ServiceDirectory;
  find(ip: string): PodEndpoint | undefined;
  nextPort(): number;
  /** Sockets that were dialled and not accepted yet, by the connection's number. */
  dialled: Map<number, Socket>;
  nextConnection(): number;
}

/** A pod as its neighbours reach it. */
export interface PodEndpoint {
  path: string;
  attachment: PodAttachment;
  /** Whether something would take a connection from another pod on that port. */
  accepts(port: number): boolean;
  captured(): boolean;
}

export interface PodAttachmentOptions {
  pod: {ip: string; namespace: string; name: string; uid: string};
  path: string;
  fabric: Fabric;
  onDetach(): void;
}

/** The agent's own ports, which istio-init leaves out of the redirection. */
const uncapturedPorts = new Set([15020, 15021, 15090]);

export async function createPodAttachment(options: PodAttachmentOptions): Promise<PodEndpoint> {
  const {pod, path, fabric} = options;
  const listeners = new Map<number, ConnectionHandler>();
  const open = new Set<Socket>();
  let capture: Capture | undefined;
  let detached = false;

  function accept(socket: Socket, preamble: Preamble): void {
    const peer: Peer = {
      ip: preamble.peerIp,
      port: preamble.peerPort,
      ...(preamble.principal ? {principal: preamble.principal} : {}),
    };
    if (preamble.kind === 'out') {
      if (!capture) return resetConnection(socket);
      capture.outbound(socket, {
        host: preamble.host ?? '',
        ip: preamble.ip ?? '',
        port: preamble.port,
      });
      return;
    }
    if (preamble.kind === 'in' && capture && !uncapturedPorts.has(preamble.port)) {
      capture.inbound(socket, peer, preamble.port);
      return;
    }
    const handler = listeners.get(preamble.port);
    if (handler) handler(socket, peer);
    else resetConnection(socket);
  }

  const server = createServer(socket => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => open.delete(socket));
    readPreamble(socket, preamble => {
      const partner = fabric.dialled.get(preamble.connection);
      fabric.dialled.delete(preamble.connection);
      if (partner) pair(socket, partner);
      accept(socket, preamble);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });

  /** Opens a socket; both ends are of this process, so a refusal is known before. */
  function reach(target: string, wanted: Omit<Preamble, 'connection'>, address: string): Promise<Duplex> {
    const preamble: Preamble = {...wanted, connection: fabric.nextConnection()};
    return new Promise((resolve, reject) => {
      const socket = connect(target);
      const failed = () => reject(connectError('ECONNREFUSED', address, preamble.port));
      socket.once('error', failed);
      socket.once('connect', () => {
        socket.removeListener('error', failed);
        open.add(socket);
        fabric.dialled.set(preamble.connection, socket);
        socket.once('close', () => {
          open.delete(socket);
          fabric.dialled.delete(preamble.connection);
        });
        writePreamble(socket, preamble);
        resolve(socket);
      });
    });
  }

  async function reachPod(ip: string, port: number, principal?: string): Promise<Duplex> {
    const target = fabric.find(ip);
    if (!target) throw connectError('ETIMEDOUT', ip, port);
    if (!target.accepts(port)) throw connectError('ECONNREFUSED', ip, port);
    // A TLS hello to a plain server: what comes back is no TLS record.
    if (principal && !target.captured()) throw connectError('EPROTO', ip, port);
    return reach(
      target.path,
      {kind: 'in', port, peerIp: pod.ip, peerPort: fabric.nextPort(), ...(principal ? {principal} : {})},
      ip,
    );
  }

  async function dialLocal(port: number): Promise<Duplex> {
    if (detached || !listeners.has(port)) throw connectError('ECONNREFUSED', '127.0.0.1', port);
    return reach(path, {kind: 'local', port, peerIp: '127.0.0.1', peerPort: fabric.nextPort()}, '127.0.0.1');
  }

  async function dial(host: string, port: number): Promise<Duplex> {
    if (detached) throw connectError('ECONNREFUSED', host, port);
    if (host === 'localhost' || host.startsWith('127.') || host === '::1') return dialLocal(port);
    const ip = fabric.services.resolve(host, pod.namespace) ?? (capture ? outsideAddress(host) : undefined);
    if (ip === undefined) throw notFoundError(host);
    if (capture) {
      return reach(path, {kind: 'out', port, peerIp: pod.ip, peerPort: fabric.nextPort(), host, ip}, ip);
    }
    const target = fabric.services.translate(ip, port);
    if (target === 'refused') throw connectError('ECONNREFUSED', ip, port);
    return reachPod(target.ip, target.port);
  }

  const attachment: PodAttachment = {
    network: {
      podIP: pod.ip,
      async listen(port, onConnection) {
        if (detached || listeners.has(port)) throw addressInUseError(pod.ip, port);
        listeners.set(port, onConnection);
        return {
          async close() {
            if (listeners.get(port) === onConnection) listeners.delete(port);
          },
        };
      },
      dial,
    },
    capture(next) {
      capture = next;
      return () => {
        if (capture === next) capture = undefined;
      };
    },
    async dialDirect(ip, port, dialOptions) {
      if (detached) throw connectError('ECONNREFUSED', ip, port);
      const target = fabric.services.translate(ip, port);
      if (target === 'refused') throw connectError('ECONNREFUSED', ip, port);
      return reachPod(target.ip, target.port, dialOptions?.principal);
    },
    dialLocal,
    async detach() {
      if (detached) return;
      detached = true;
      options.onDetach();
      for (const socket of open) socket.destroy();
      await new Promise<void>(resolve => server.close(() => resolve()));
      await rm(path, {force: true});
    },
  };
  return {
    path,
    attachment,
    accepts: port =>
      !detached && (listeners.has(port) || (capture !== undefined && !uncapturedPorts.has(port))),
    captured: () => capture !== undefined,
  };
}

/**
 * A stand-in address for a host outside, from the range that Istio itself allots to external names: it lets a
 * request reach the sidecar, which answers by its outbound policy. Nothing is ever dialled there.
 */
function outsideAddress(host: string): string | undefined {
  if (!host.includes('.') || host.endsWith('.cluster.local') || host.endsWith('.svc')) return undefined;
  let hash = 0;
  for (const char of host) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return `240.240.${(hash >>> 8) & 255}.${hash & 255}`;
}
