import type {KubeObject} from '../objects.ts';

/** `namespace/name`, or the name alone of what has no namespace. */
export function keyOf(object: KubeObject): string {
  const {namespace, name} = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The inverse of `keyOf`; the namespace of what has none is empty. */
export function splitKey(key: string): {namespace: string; name: string} {
  const slash = key.indexOf('/');
  return {namespace: key.slice(0, Math.max(0, slash)), name: key.slice(slash + 1)};
}
