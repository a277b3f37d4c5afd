import type {ResourceType} from '../registry.ts';

export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

const query = (name: string) => ({name, in: 'query', schema: {type: 'string', uniqueItems: true}});

/** The parameters by which kubectl decides that dry runs and field validation happen on the server. */
const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'].map(query);

/**
 * The paths of one resource in one version, as far as clients read them: which kind answers, and what a PATCH
 * understands. Strategic merge is left out of a PATCH's content on purpose: named there, kubectl would compute
 * patches from these schemas instead of from its compiled-in types (kubectl `apply/patcher.go`).
 */
export function resourcePaths(type: ResourceType, version: string): Record<string, object> {
  const gvk = {group: type.group, version, kind: type.kind};
  const root = type.group === '' ? `/api/${version}` : `/apis/${type.group}/${version}`;
  const collection = type.namespaced
    ? `${root}/namespaces/{namespace}/${type.resource}`
    : `${root}/${type.resource}`;
  const item = `${collection}/{name}`;
  const paths: Record<string, object> = {
    [collection]: operations(type, gvk, {list: 'get', create: 'post', deletecollection: 'delete'}),
    [item]: operations(type, gvk, {get: 'get', update: 'put', patch: 'patch', delete: 'delete'}),
  };
  if (type.namespaced && type.verbs.includes('list')) {
    paths[`${root}/${type.resource}`] = operations(type, gvk, {list: 'get'});
  }
  for (const sub of type.subresources) {
    const subKind = {group: sub.group ?? type.group, version: sub.version ?? version, kind: sub.kind};
    paths[`${item}/${sub.name}`] = operations(sub, subKind, {
      get: 'get',
      create: 'post',
      update: 'put',
      patch: 'patch',
    });
  }
  return paths;
}

const actions: Record<string, string> = {create: 'post', update: 'put'};

function operations(
  source: {verbs: readonly string[]},
  gvk: GroupVersionKind,
  methods: Record<string, string>,
): Record<string, object> {
  const result: Record<string, object> = {};
  for (const [verb, method] of Object.entries(methods)) {
    if (!source.verbs.includes(verb)) continue;
    const writes = method === 'post' || method === 'put' || method === 'patch';
    result[method] = {
      'x-kubernetes-action': actions[verb] ?? verb,
      'x-kubernetes-group-version-kind': gvk,
      ...(writes ? {parameters: writeParameters} : {}),
      responses: {200: {description: 'OK'}},
    };
  }
  return result;
}
