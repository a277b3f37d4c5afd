import {
  labelsMatch,
  type MeshPort,
  type MeshProxy,
  type MeshService,
  type MeshSnapshot,
  type Workload,
} from '../snapshot.ts';
import type {IstioObject} from '../types.ts';

/** One request that got an answer which was not wanted, or might have. */
export interface AskedRequest {
  /** Whose request it is, for the sentences: `jason`. */
  who: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** @default `/` */
  path?: string;
  /**
   * Wanted share (0 to 1) of each value of the label `version` among the pods that answer. Empty: any pod
   * is right.
   */
  expected: Readonly<Record<string, number>>;
  /** Every version in `expected` must come, however often. */
  anyShare?: boolean;
}

/** From the pods of one workload to a service: the one place where a route is chosen. */
export interface Hop {
  /** The pods that call. At the edge: the gateway's pods. */
  caller: {namespace: string; labels: Record<string, string>};
  /** A gateway routes by its Gateway resources, a sidecar by those of the mesh. @default sidecar */
  as?: 'sidecar' | 'gateway';
  /** The service as the caller names it: `reviews`; at a gateway the host that clients ask for. */
  host: string;
  port: number;
  requests: readonly AskedRequest[];
}

export interface ExplainInput {
  snapshot: MeshSnapshot;
  /** All pods as the API returns them; those that do not run are in no snapshot. */
  pods?: readonly IstioObject[];
  /** Deployments as the API returns them; absent where they may not be read. */
  deployments?: readonly IstioObject[];
  /** In the order in which a request passes them; a later one matters once those before it are right. */
  hops: readonly Hop[];
  /** Paths of static files that the page asked for and did not get. */
  failedStatic?: readonly string[];
}

/** A hop with what the cluster has for it. */
export interface Scene {
  input: ExplainInput;
  hop: Hop;
  snapshot: MeshSnapshot;
  /** Running pods of the caller. */
  callers: readonly Workload[];
  proxy: MeshProxy;
  service: MeshService | undefined;
  port: MeshPort | undefined;
}

/** Looks up caller and service of a hop, in a snapshot that may be a mended one. */
export function sceneOf(input: ExplainInput, hop: Hop, snapshot: MeshSnapshot): Scene {
  const callers = snapshot.workloads.filter(
    workload =>
      workload.namespace === hop.caller.namespace && labelsMatch(hop.caller.labels, workload.labels),
  );
  const first = callers[0];
  const service = serviceOf(snapshot, hop);
  return {
    input,
    hop,
    snapshot,
    callers,
    proxy: {
      kind: hop.as ?? 'sidecar',
      namespace: hop.caller.namespace,
      name: first?.name ?? '',
      ip: first?.ip ?? '',
      labels: first?.labels ?? hop.caller.labels,
      serviceAccount: first?.serviceAccount ?? 'default',
    },
    service,
    port: service?.ports.find(candidate => candidate.number === hop.port),
  };
}

function serviceOf(snapshot: MeshSnapshot, {host, caller}: Hop): MeshService | undefined {
  const [name, namespace = caller.namespace] = host.split('.');
  return snapshot.services.find(
    service => service.hostname === host || (service.name === name && service.namespace === namespace),
  );
}

/** The values of the label `version` among the ready pods of the service. */
export function versionsOf(port: MeshPort | undefined): readonly string[] {
  const versions = (port?.endpoints ?? []).flatMap(endpoint => endpoint.labels['version'] ?? []);
  return [...new Set(versions)].sort();
}
