import {type RestClient, StatusError} from './rest.ts';

/** One resource that the server has, in its preferred version. */
export interface ApiResource {
  group: string;
  version: string;
  resource: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames: readonly string[];
  categories: readonly string[];
  verbs: readonly string[];
  subresources: readonly string[];
}

export interface Discovery {
  /** In the server's order; every served version, the preferred one of a group first. */
  resources: ApiResource[];
  groupVersions: string[];
}

const accept =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

function fromAggregated(list: any): Discovery {
  const found: Discovery = {resources: [], groupVersions: []};
  for (const group of list.items ?? []) {
    const name: string = group.metadata?.name ?? '';
    for (const version of group.versions ?? []) {
      found.groupVersions.push(name === '' ? version.version : `${name}/${version.version}`);
      for (const item of version.resources ?? []) {
        if (!item.responseKind?.kind) continue;
        found.resources.push({
          group: name,
          version: version.version,
          resource: item.resource,
          singular: item.singularResource || item.responseKind.kind.toLowerCase(),
          kind: item.responseKind.kind,
          namespaced: item.scope === 'Namespaced',
          shortNames: item.shortNames ?? [],
          categories: item.categories ?? [],
          verbs: item.verbs ?? [],
          subresources: (item.subresources ?? []).map((sub: any) => sub.subresource),
        });
      }
    }
  }
  return found;
}

async function oneGroupVersion(
  client: RestClient,
  path: string,
  groupVersion: string,
  found: Discovery,
): Promise<void> {
  const list = await client.json({path}).catch(error => {
    // A group whose own server is away must not hide the others.
    if (error instanceof StatusError && error.code !== 401) return {resources: []};
    throw error;
  });
  found.groupVersions.push(groupVersion);
  const [version, group = ''] = groupVersion.split('/').reverse() as [string, string?];
  const all: any[] = list.resources ?? [];
  for (const item of all) {
    if (item.name.includes('/')) continue;
    found.resources.push({
      group: item.group ?? group,
      version: item.version ?? version,
      resource: item.name,
      singular: item.singularName || item.kind.toLowerCase(),
      kind: item.kind,
      namespaced: item.namespaced,
      shortNames: item.shortNames ?? [],
      categories: item.categories ?? [],
      verbs: item.verbs ?? [],
      subresources: all
        .filter(other => other.name.startsWith(`${item.name}/`))
        .map(other => other.name.split('/')[1]),
    });
  }
}

async function fromLegacy(client: RestClient, groups: any): Promise<Discovery> {
  const found: Discovery = {resources: [], groupVersions: []};
  await oneGroupVersion(client, '/api/v1', 'v1', found);
  for (const group of groups.groups ?? []) {
    for (const {groupVersion} of group.versions)
      await oneGroupVersion(client, `/apis/${groupVersion}`, groupVersion, found);
  }
  return found;
}

/** Asks the server what it has. @throws StatusError, ConnectionError */
export async function discover(client: RestClient): Promise<Discovery> {
  const core = await client.json({path: '/api', accept});
  const groups = await client.json({path: '/apis', accept});
  if (core.kind !== 'APIGroupDiscoveryList') return fromLegacy(client, groups);
  const first = fromAggregated(core);
  const rest = fromAggregated(groups);
  return {
    resources: [...first.resources, ...rest.resources],
    groupVersions: [...first.groupVersions, ...rest.groupVersions],
  };
}

/** `pods`, `deployments.apps`: a resource as errors and outputs name it. */
export function qualified(type: Pick<ApiResource, 'group' | 'resource'>): string {
  return type.group === '' ? type.resource : `${type.resource}.${type.group}`;
}

/** `apps/v1`, `v1`. */
export function groupVersionOf(type: Pick<ApiResource, 'group' | 'version'>): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** The path of a collection, an object, or one of its subresources. */
export function pathOf(
  type: Pick<ApiResource, 'group' | 'version' | 'resource' | 'namespaced'>,
  where: {namespace?: string | undefined; name?: string; subresource?: string} = {},
): string {
  const base = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope =
    type.namespaced && where.namespace ? `/namespaces/${encodeURIComponent(where.namespace)}` : '';
  const name = where.name === undefined ? '' : `/${encodeURIComponent(where.name)}`;
  return `${base}${scope}/${type.resource}${name}${where.subresource ? `/${where.subresource}` : ''}`;
}

/**
 * What a learner means by `po`, `deploy`, `Deployment`, `deployments.apps` or `deployments.v1.apps`.
 * The order of discovery decides between groups that share a name.
 */
export function findResource(discovery: Discovery, text: string): ApiResource | undefined {
  const [head = '', ...tail] = text.toLowerCase().split('.');
  const match = (list: readonly ApiResource[], test: (type: ApiResource) => boolean) => list.find(test);
  const named = (type: ApiResource) =>
    type.resource === head || type.singular === head || type.kind.toLowerCase() === head;
  const anyName = (type: ApiResource) => named(type) || type.shortNames.includes(head);
  if (tail.length > 0) {
    const group = tail.join('.');
    const [version, ...versionless] = tail;
    return (
      match(
        discovery.resources,
        type => anyName(type) && type.version === version && type.group === versionless.join('.'),
      ) ??
      match(discovery.resources, type => anyName(type) && type.group === group) ??
      match(discovery.resources, type => anyName(type) && type.group.startsWith(`${group}.`))
    );
  }
  return (
    match(discovery.resources, named) ?? match(discovery.resources, type => type.shortNames.includes(head))
  );
}

/** The resource of a manifest's apiVersion and kind. */
export function findKind(discovery: Discovery, apiVersion: string, kind: string): ApiResource | undefined {
  return discovery.resources.find(type => type.kind === kind && groupVersionOf(type) === apiVersion);
}
