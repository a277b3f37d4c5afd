import {mergePatchBetween} from '../../merge-patch.ts';
import {type Discovery, findKind, pathOf, qualified} from '../shared/discovery.ts';
import {ToolError} from '../shared/io.ts';
import {type RestClient, StatusError} from '../shared/rest.ts';
import type {Session} from '../shared/session.ts';
import {threeWayMerge} from '../shared/three-way.ts';

/** An object of a release and where it lies. */
export interface Placed {
  object: any;
  path: string;
  collection: string;
  resource: string;
  custom: boolean;
  name: string;
  namespace: string | undefined;
}

/** What ties an object to the release that owns it. */
export function owned(object: any, release: {name: string; namespace: string}): any {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: {...object.metadata?.labels, 'app.kubernetes.io/managed-by': 'Helm'},
      annotations: {
        ...object.metadata?.annotations,
        'meta.helm.sh/release-name': release.name,
        'meta.helm.sh/release-namespace': release.namespace,
      },
    },
  };
}

function place(discovery: Discovery, object: any, namespace: string): Placed | undefined {
  const type = findKind(discovery, object.apiVersion, object.kind);
  if (!type) return undefined;
  const scope = type.namespaced ? (object.metadata.namespace ?? namespace) : undefined;
  return {
    object: scope ? {...object, metadata: {...object.metadata, namespace: scope}} : object,
    path: pathOf(type, {namespace: scope, name: object.metadata.name}),
    collection: pathOf(type, {namespace: scope}),
    resource: qualified(type),
    custom: type.group.includes('.') && !/(?:^|\.)k8s\.io$/.test(type.group),
    name: object.metadata.name,
    namespace: scope,
  };
}

/** Finds where every object belongs. @throws ToolError when the cluster lacks a kind. */
export async function placeAll(
  session: Session,
  objects: readonly any[],
  namespace: string,
): Promise<Placed[]> {
  const discovery = await session.discovery();
  const missing: string[] = [];
  const placed = objects.flatMap(object => {
    const found = place(discovery, object, namespace);
    if (!found) {
      missing.push(
        `resource mapping not found for name: "${object.metadata?.name}" namespace: "${object.metadata?.namespace ?? ''}" from "": no matches for kind "${object.kind}" in version "${object.apiVersion}"\nensure CRDs are installed first`,
      );
    }
    return found ? [found] : [];
  });
  if (missing.length > 0) {
    const text = missing.length === 1 ? missing[0] : `[${missing.join(', ')}]`;
    throw new ToolError(`unable to build kubernetes objects from release manifest: ${text}`);
  }
  return placed;
}

/** The object as it is in the cluster; undefined when it is not there. */
export function live(client: RestClient, placed: Placed): Promise<any> {
  return client.json({path: placed.path}).catch(error => {
    if (error instanceof StatusError && error.code === 404) return undefined;
    throw error;
  });
}

/** Objects that exist already must be the release's own. @returns their paths. @throws ToolError as helm does. */
export async function checkOwnership(
  client: RestClient,
  placed: readonly Placed[],
  release: {name: string; namespace: string},
): Promise<ReadonlySet<string>> {
  const all = await Promise.all(placed.map(async item => ({item, found: await live(client, item)})));
  for (const {item, found} of all) {
    if (!found) continue;
    const problems: string[] = [];
    const label = found.metadata.labels?.['app.kubernetes.io/managed-by'];
    if (label !== 'Helm') {
      problems.push(
        label === undefined
          ? 'label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"'
          : `label validation error: key "app.kubernetes.io/managed-by" must equal "Helm": current value is "${label}"`,
      );
    }
    for (const [key, wanted] of [
      ['meta.helm.sh/release-name', release.name],
      ['meta.helm.sh/release-namespace', release.namespace],
    ] as const) {
      const value = found.metadata.annotations?.[key];
      if (value === wanted) continue;
      problems.push(
        value === undefined
          ? `annotation validation error: missing key "${key}": must be set to "${wanted}"`
          : `annotation validation error: key "${key}" must equal "${wanted}": current value is "${value}"`,
      );
    }
    if (problems.length > 0) {
      throw new ToolError(
        `Unable to continue with install: ${item.object.kind} "${item.name}" in namespace "${item.namespace ?? ''}" exists and cannot be imported into the current release: invalid ownership metadata; ${problems.join('; ')}`,
      );
    }
  }
  return new Set(all.flatMap(({item, found}) => (found ? [item.path] : [])));
}

export async function createObject(client: RestClient, placed: Placed): Promise<void> {
  await client.json({
    method: 'POST',
    path: placed.collection,
    query: {fieldManager: 'helm'},
    body: placed.object,
  });
}

/** Brings an object to what the new manifest says, given the old manifest. */
export async function updateObject(client: RestClient, placed: Placed, original: any): Promise<void> {
  const current = await live(client, placed);
  if (!current) return createObject(client, placed);
  const wanted = threeWayMerge({original, modified: placed.object, live: current, custom: placed.custom});
  const patch = mergePatchBetween(current, wanted);
  if (!patch) return;
  await client.json({
    method: 'PATCH',
    path: placed.path,
    query: {fieldManager: 'helm'},
    contentType: 'application/merge-patch+json',
    body: patch,
  });
}

/** Deletes in the background. @returns false when it was gone already. */
export async function deleteObject(client: RestClient, placed: Placed): Promise<boolean> {
  try {
    await client.json({method: 'DELETE', path: placed.path, body: {propagationPolicy: 'Background'}});
    return true;
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return false;
    throw error;
  }
}

/** True for objects that a release leaves behind. */
export function isKept(object: any): boolean {
  return object.metadata?.annotations?.['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep';
}
