import {compareVersions} from './custom-types.ts';
import {type ApiRequest, type ApiResponse, jsonResponse} from './messages.ts';
import {wantsAggregatedDiscovery} from './negotiate.ts';
import {groupVersion, type ServedType} from './served-type.ts';

/** Answers `/api`, `/apis`, `/apis/GROUP`, `/api/v1` and `/apis/GROUP/VERSION`; undefined for other paths. */
export function discoveryResponse(
  request: ApiRequest,
  path: string,
  types: readonly ServedType[],
): ApiResponse | undefined {
  const parts = path.split('/').filter(part => part !== '');
  const core = parts[0] === 'api';
  if (!core && parts[0] !== 'apis') return undefined;
  if (parts.length === 1) return root(request, core, types);
  if (core)
    return parts.length === 2 && parts[1] === 'v1'
      ? jsonResponse(200, resourceList('', 'v1', types))
      : undefined;
  const [, group = '', version] = parts;
  const versions = versionsOf(group, types);
  if (versions.length === 0 || parts.length > 3) return undefined;
  if (version === undefined)
    return jsonResponse(200, {kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group, types)});
  return versions.includes(version) ? jsonResponse(200, resourceList(group, version, types)) : undefined;
}

/** The served versions of a group, the preferred one first. */
export function versionsOf(group: string, types: readonly ServedType[]): string[] {
  const versions = new Set(types.filter(type => type.group === group).flatMap(type => type.versions));
  return [...versions].sort(compareVersions);
}

export function groupsOf(types: readonly ServedType[]): string[] {
  return [...new Set(types.map(type => type.group))];
}

function root(request: ApiRequest, core: boolean, types: readonly ServedType[]): ApiResponse {
  const groups = groupsOf(types).filter(group => (group === '') === core);
  const aggregated = wantsAggregatedDiscovery(request.headers['accept']);
  if (aggregated) {
    const body = {
      kind: 'APIGroupDiscoveryList',
      apiVersion: `apidiscovery.k8s.io/${aggregated}`,
      metadata: {},
      items: groups.map(group => groupDiscovery(group, types)),
    };
    const contentType = `application/json;g=apidiscovery.k8s.io;v=${aggregated};as=APIGroupDiscoveryList`;
    const response = jsonResponse(200, body, contentType);
    response.headers['vary'] = 'Accept';
    return response;
  }
  if (core) {
    return jsonResponse(200, {kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: []});
  }
  return jsonResponse(200, {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map(group => apiGroup(group, types)),
  });
}

function groupDiscovery(group: string, types: readonly ServedType[]): object {
  return {
    metadata: group === '' ? {} : {name: group},
    versions: versionsOf(group, types).map(version => ({
      version,
      freshness: 'Current',
      resources: typesOf(group, version, types).map(type => resourceDiscovery(type, version)),
    })),
  };
}

function resourceDiscovery(type: ServedType, version: string): object {
  const {group, kind} = type;
  return {
    resource: type.resource,
    responseKind: {group, version, kind},
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length > 0 ? {shortNames: type.shortNames} : {}),
    ...(type.categories.length > 0 ? {categories: type.categories} : {}),
    ...(type.subresources.length > 0
      ? {
          subresources: type.subresources.map(sub => ({
            subresource: sub.name,
            responseKind: {group: sub.group ?? group, version: sub.version ?? version, kind: sub.kind},
            verbs: sub.verbs,
          })),
        }
      : {}),
  };
}

function apiGroup(group: string, types: readonly ServedType[]): object {
  const versions = versionsOf(group, types).map(version => ({
    groupVersion: groupVersion(group, version),
    version,
  }));
  return {name: group, versions, preferredVersion: versions[0]};
}

function resourceList(group: string, version: string, types: readonly ServedType[]): object {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion(group, version),
    resources: typesOf(group, version, types).flatMap(type => [
      {
        name: type.resource,
        singularName: type.singular,
        namespaced: type.namespaced,
        kind: type.kind,
        verbs: type.verbs,
        ...(type.shortNames.length > 0 ? {shortNames: type.shortNames} : {}),
        ...(type.categories.length > 0 ? {categories: type.categories} : {}),
      },
      ...type.subresources.map(sub => ({
        name: `${type.resource}/${sub.name}`,
        singularName: '',
        namespaced: type.namespaced,
        ...(sub.group === undefined ? {} : {group: sub.group, version: sub.version}),
        kind: sub.kind,
        verbs: sub.verbs,
      })),
    ]),
  };
}

function typesOf(group: string, version: string, types: readonly ServedType[]): ServedType[] {
  return types.filter(type => type.group === group && type.versions.includes(version));
}
