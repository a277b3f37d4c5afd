import type {Duplex} from 'node:stream';

/** Who is at the other end of a connection, as the receiving side can know it. */
export interface Peer {
  ip: string;
  port: number;
  /** The caller's SPIFFE identity where the connection is (simulated) mutual TLS, else absent. */
  principal?: string;
}

export interface Listener {
  close(): Promise<void>;
}

export type ConnectionHandler = (connection: Duplex, peer: Peer) => void;

/**
 * A pod's whole view of the network, and the only way a workload reaches anything. Bytes travel over real
 * sockets in a private folder; pod and service IPs are labels; hosts outside the cluster are never dialled.
 */
export interface PodNetwork {
  readonly podIP: string;
  /** Serves connections to this pod's IP and port (and to its loopback). Rejects when the port is taken. */
  listen(port: number, onConnection: ConnectionHandler): Promise<Listener>;
  /**
   * Connects as a process of the pod would: `host` is a name that the cluster's DNS knows (searched from the
   * pod's namespace), a cluster IP, a pod IP, or `localhost`. A running sidecar captures it.
   * @throws an error with `code` ENOTFOUND, ECONNREFUSED, ECONNRESET or ETIMEDOUT, as node:net does.
   */
  dial(host: string, port: number): Promise<Duplex>;
}

/** What a sidecar's proxy takes over for its pod, as istio-init's iptables rules do. */
export interface Capture {
  /** Gets every connection that the pod's containers open, with the address they asked for. */
  outbound(connection: Duplex, destination: {host: string; ip: string; port: number}): void;
  /** Gets every connection from other pods to this pod's ports. */
  inbound(connection: Duplex, peer: Peer, port: number): void;
}

/** One pod's place in the network. */
export interface PodAttachment {
  network: PodNetwork;
  /** Starts redirecting the pod's traffic to its proxy. @returns a function that ends it. */
  capture(capture: Capture): () => void;
  /** For the proxy itself: reaches another pod's port from this pod, past this pod's own capture. */
  dialDirect(ip: string, port: number, options?: {principal?: string}): Promise<Duplex>;
  /** For the proxy itself and for port-forward: reaches a listener of this very pod on its loopback. */
  dialLocal(port: number): Promise<Duplex>;
  detach(): Promise<void>;
}

/** The network of the cluster. */
export interface ClusterNetwork {
  attach(pod: {ip: string; namespace: string; name: string; uid: string}): Promise<PodAttachment>;
  /** The attachment of a running pod; port-forward and exec enter here. */
  attachment(podUid: string): PodAttachment | undefined;
  close(): Promise<void>;
}
