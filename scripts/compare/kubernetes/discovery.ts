import {kindOf, pluralOf, servedVersion} from './kinds.ts';

/** Kinds that are no namespace's. */
const clusterWide = new Set([
  'Namespace',
  'Node',
  'CustomResourceDefinition',
  'IngressClass',
  'GatewayClass',
]);
/** Of the groups that Kubernetes brings itself. */
const builtInVersion = 'v1';

/** The aggregated discovery of `/api` or `/apis`, by which clients find what is served. */
export function discoveryOf(root: 'api' | 'apis'): unknown {
  const groups = new Map<string, string[]>();
  for (const [key, kind] of kindOf) {
    const [group = ''] = key.split('/');
    if ((group === '') === (root === 'api')) groups.set(group, [...(groups.get(group) ?? []), kind]);
  }
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: [...groups].map(([group, kinds]) => ({
      metadata: {name: group},
      versions: [...byVersion(group, kinds)].map(([version, served]) => ({
        version,
        resources: served.map(kind => ({
          resource: pluralOf(kind),
          responseKind: {group, version, kind},
          scope: clusterWide.has(kind) || kind.endsWith('WebhookConfiguration') ? 'Cluster' : 'Namespaced',
          singularResource: kind.toLowerCase(),
          verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
        })),
      })),
    })),
  };
}

function byVersion(group: string, kinds: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const kind of kinds) {
    const written = group === '' ? builtInVersion : `${group}/${builtInVersion}`;
    const version = servedVersion(written, kind).split('/').at(-1) ?? builtInVersion;
    found.set(version, [...(found.get(version) ?? []), kind]);
  }
  return found;
}
