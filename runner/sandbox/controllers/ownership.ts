import type {ApiClient, ResourceName} from '../api/client.ts';
import type {KubeObject, OwnerReference} from '../objects.ts';
import {inPieces} from './pieces.ts';

/** The reference that makes `owner` the managing controller of an object. */
export function controllerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find(reference => reference.controller);
}

/** Everything of a resource that `owner` controls, in no order. */
export function ownedBy<T extends KubeObject>(
  client: ApiClient,
  resource: ResourceName,
  owner: KubeObject,
): T[] {
  const {namespace, uid} = owner.metadata;
  return uid === undefined ? [] : client.managedBy<T>(resource, namespace, uid);
}

/** Whether what was asked for when `object` was read is still asked for, so that long work on it makes sense. */
export function hasKeptSpec(client: ApiClient, resource: ResourceName, object: KubeObject): boolean {
  const {name, namespace, uid, generation, deletionTimestamp} = object.metadata;
  const now = client.get(resource, name, namespace)?.metadata;
  return now?.uid === uid && now?.generation === generation && now?.deletionTimestamp === deletionTimestamp;
}

/**
 * Takes over what matches the owner's selector and has no controller, as the controllers of Kubernetes do; so
 * that what an orphaning deletion left behind is found again by a new owner.
 */
export function adopt(client: ApiClient, resource: ResourceName, owner: KubeObject): void {
  const pieces = adoptInPieces(client, resource, owner);
  while (!pieces.next().done);
}

/** The same where there may be thousands to look at. */
export function* adoptInPieces(
  client: ApiClient,
  resource: ResourceName,
  owner: KubeObject,
): Generator<void, void> {
  const {namespace, deletionTimestamp} = owner.metadata;
  const selector = owner['spec']?.selector;
  if (deletionTimestamp !== undefined || namespace === undefined || !selector) return;
  yield* inPieces(client.managedBy(resource, namespace, ''), candidate => {
    // Between the pieces somebody else may have been quicker.
    const object = client.get(resource, candidate.metadata.name, namespace);
    if (!object || controllerOf(object) || object.metadata.deletionTimestamp !== undefined) return;
    if (!selectorMatches(selector, object.metadata.labels)) return;
    const ownerReferences = [...(object.metadata.ownerReferences ?? []), controllerReference(owner)];
    client.patch(resource, object.metadata.name, {metadata: {ownerReferences}}, {namespace});
  });
}

/** Whether a `metav1.LabelSelector` selects these labels; an empty one selects everything. */
export function selectorMatches(selector: any, labels: Record<string, string> = {}): boolean {
  const equal = Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    equal && (selector?.matchExpressions ?? []).every((one: any) => expressionHolds(one, labels[one.key]))
  );
}

function expressionHolds(
  {operator, values = []}: {operator: string; values?: string[]},
  value?: string,
): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
