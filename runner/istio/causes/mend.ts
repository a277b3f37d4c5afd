import {labelsMatch, type MeshSnapshot, type Workload} from '../snapshot.ts';
import type {IstioObject, ObjectRef} from '../types.ts';

/** The snapshot with one object changed; the original stays as it is. */
export function withChanged<T extends IstioObject>(
  snapshot: MeshSnapshot,
  ref: ObjectRef,
  change: (object: T) => void,
): MeshSnapshot {
  return {
    ...snapshot,
    config: snapshot.config.map(object => {
      if (!isObject(object, ref)) return object;
      const copy = structuredClone(object);
      change(copy as T);
      return copy;
    }),
  };
}

export function without(snapshot: MeshSnapshot, ref: ObjectRef): MeshSnapshot {
  return {...snapshot, config: snapshot.config.filter(object => !isObject(object, ref))};
}

/** The snapshot with one more object, the youngest of all. */
export function withAdded(snapshot: MeshSnapshot, object: IstioObject): MeshSnapshot {
  const metadata = {...object.metadata, creationTimestamp: '9999-01-01T00:00:00Z'};
  return {...snapshot, config: [...snapshot.config, {...object, metadata}]};
}

/** The snapshot with a sidecar in every pod that these labels select. */
export function withSidecars(
  snapshot: MeshSnapshot,
  selector: {namespace: string; labels: Record<string, string>},
): MeshSnapshot {
  return withPods(snapshot, pod =>
    pod.namespace === selector.namespace && labelsMatch(selector.labels, pod.labels)
      ? {...pod, mutualTls: true}
      : pod,
  );
}

/** The snapshot with other pods, also behind the Services that they stand behind. */
export function withPods(snapshot: MeshSnapshot, change: (pod: Workload) => Workload): MeshSnapshot {
  const changed = new Map(snapshot.workloads.map(pod => [pod, change(pod)] as const));
  return {
    ...snapshot,
    workloads: [...changed.values()],
    services: snapshot.services.map(service => ({
      ...service,
      ports: service.ports.map(port => ({
        ...port,
        endpoints: port.endpoints.map(endpoint => {
          const workload = endpoint.workload && changed.get(endpoint.workload);
          return workload ? {...endpoint, workload} : endpoint;
        }),
      })),
    })),
  };
}

function isObject(object: IstioObject, {kind, namespace, name}: ObjectRef): boolean {
  return (
    object.kind === kind && object.metadata.name === name && (object.metadata.namespace ?? '') === namespace
  );
}
