import {labelsMatch, type MeshSnapshot} from '../snapshot.ts';
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
  return {
    ...snapshot,
    workloads: snapshot.workloads.map(workload =>
      workload.namespace === selector.namespace && labelsMatch(selector.labels, workload.labels)
        ? {...workload, mutualTls: true}
        : workload,
    ),
  };
}

function isObject(object: IstioObject, {kind, namespace, name}: ObjectRef): boolean {
  return (
    object.kind === kind && object.metadata.name === name && (object.metadata.namespace ?? '') === namespace
  );
}
