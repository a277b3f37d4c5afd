import type {KubeObject} from '../objects.ts';
import type {Presentation} from './negotiate.ts';
import {groupVersion, type ServedType} from './served-type.ts';
import {toTable} from './tables/table.ts';

export interface Shown {
  type: ServedType;
  version: string;
  as: Presentation;
  includeObject: 'None' | 'Metadata' | 'Object';
  /** Milliseconds since the epoch: ages in tables. */
  now: number;
}

/** A stored object as a version shows it. */
export function fromStored(type: ServedType, version: string, object: KubeObject): KubeObject {
  if (type.conversion) return type.conversion.fromStored(object, version);
  const apiVersion = groupVersion(type.group, version);
  return object.apiVersion === apiVersion ? object : {...object, apiVersion};
}

/** What a client sent, in the form that is stored. */
export function toStored(type: ServedType, version: string, object: KubeObject): KubeObject {
  const apiVersion = object.apiVersion || groupVersion(type.group, version);
  const whole = {...object, apiVersion, kind: type.kind, metadata: object.metadata ?? {}};
  if (type.conversion) return type.conversion.toStored(whole, version);
  return {...whole, apiVersion: type.storedAs};
}

/** One object as the client wants to see it. */
export function presentObject(
  shown: Shown,
  object: KubeObject,
  options: {withColumns?: boolean} = {},
): object {
  const versioned = fromStored(shown.type, shown.version, object);
  if (shown.as === 'metadata') return partialMetadata(versioned);
  if (shown.as === 'object') return versioned;
  return tableOf(shown, [versioned], versioned.metadata.resourceVersion ?? '', options.withColumns ?? true);
}

/** A list as the client wants to see it. */
export function presentList(
  shown: Shown,
  objects: readonly KubeObject[],
  page: {resourceVersion: string; continue?: string; remainingItemCount?: number},
): object {
  const {type, version} = shown;
  const versioned = objects.map(object => fromStored(type, version, object));
  if (shown.as === 'table') {
    const table = tableOf(shown, versioned, page.resourceVersion, true);
    return {...table, metadata: {...table.metadata, ...page}};
  }
  if (shown.as === 'metadata') {
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: page,
      items: versioned.map(partialMetadata),
    };
  }
  return {
    kind: `${type.kind}List`,
    apiVersion: groupVersion(type.group, version),
    metadata: page,
    items: type.custom ? versioned : versioned.map(({apiVersion: _, kind: __, ...item}) => item),
  };
}

export function partialMetadata(object: KubeObject): KubeObject {
  return {kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata};
}

function tableOf(
  shown: Shown,
  objects: readonly KubeObject[],
  resourceVersion: string,
  withColumns: boolean,
) {
  return toTable({
    type: shown.type,
    ...(shown.type.crd ? {crd: shown.type.crd} : {}),
    objects,
    now: shown.now,
    includeObject: shown.includeObject,
    resourceVersion,
    withColumns,
  });
}
