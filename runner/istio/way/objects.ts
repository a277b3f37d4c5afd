import type {MeshSnapshot} from '../snapshot.ts';
import type {IstioObject, ObjectRef} from '../types.ts';

export function objectIn<T extends IstioObject>(snapshot: MeshSnapshot, ref: ObjectRef): T | undefined {
  return snapshot.config.find(
    ({kind, metadata}) =>
      kind === ref.kind && metadata.name === ref.name && (metadata.namespace ?? '') === ref.namespace,
  ) as T | undefined;
}

export function sameObject(left: ObjectRef, right: ObjectRef): boolean {
  return left.kind === right.kind && left.name === right.name && left.namespace === right.namespace;
}

/** The first index in a path: 2 of `spec.http[2].match[0]`. */
export function placed(path: string | undefined): number {
  return Number(/\[(\d+)\]/.exec(path ?? '')?.[1] ?? -1);
}
