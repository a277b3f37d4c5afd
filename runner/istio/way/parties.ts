import type {Endpoint, MeshProxy, Workload} from '../snapshot.ts';
import type {Party} from './way.ts';

/** Pods that are alike, with one that stands for all. */
export interface Group {
  party: Party;
  sample: Workload;
  /** Of the pods that were grouped, 0 to 1. */
  share: number;
}

/** Pods by what a rule, a policy or a certificate can tell apart. */
export function groupsOf(workloads: readonly Workload[]): readonly Group[] {
  const groups = new Map<string, Workload[]>();
  for (const workload of workloads) {
    const {'pod-template-hash': _hash, ...labels} = workload.labels;
    const key = JSON.stringify([
      workload.workload,
      workload.namespace,
      workload.serviceAccount,
      workload.mutualTls,
      workload.variant,
      Object.entries(labels).sort(),
    ]);
    groups.set(key, [...(groups.get(key) ?? []), workload]);
  }
  return [...groups.values()].map(members => {
    const sample = members[0] as Workload;
    const {version} = sample.labels;
    return {
      sample,
      share: members.length / workloads.length,
      party: {
        workload: sample.workload,
        namespace: sample.namespace,
        app: sample.labels['app'] ?? sample.workload,
        ...(version === undefined ? {} : {version}),
        serviceAccount: sample.serviceAccount,
        pods: members.map(({name}) => name),
        sidecar: sample.mutualTls,
        ...(sample.variant === undefined ? {} : {variant: sample.variant}),
      },
    };
  });
}

/** The pods behind endpoints, and the share of those that are no pod of this cluster. */
export function groupsBehind(endpoints: readonly Endpoint[]): {groups: readonly Group[]; outside: number} {
  const workloads = endpoints.flatMap(({workload}) => workload ?? []);
  const outside = endpoints.length === 0 ? 0 : (endpoints.length - workloads.length) / endpoints.length;
  return {
    groups: groupsOf(workloads).map(group => ({...group, share: group.share * (1 - outside)})),
    outside,
  };
}

export function proxyOf(workload: Workload, kind: MeshProxy['kind']): MeshProxy {
  const {namespace, name, ip, labels, serviceAccount} = workload;
  return {kind, namespace, name, ip, labels, serviceAccount};
}
