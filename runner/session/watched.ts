import type {Condition} from '../catalog/lab.ts';

export interface WatchedResource {
  resource: string;
  namespace?: string;
}

/** The objects whose change can turn a check from failed to passed; a command's own objects are unknown. */
export function watchedBy(conditions: readonly Condition[]): readonly WatchedResource[] {
  const all = conditions.flatMap(resourcesOf);
  const keys = new Set<string>();
  return all.filter(({resource, namespace}) => {
    const key = `${resource} ${namespace ?? ''}`;
    return !keys.has(key) && keys.add(key);
  });
}

/** What decides a request between the services of Bookinfo. */
const routing: readonly WatchedResource[] = [
  'virtualservices',
  'destinationrules',
  'gateways.networking.istio.io',
  'authorizationpolicies',
  'peerauthentications',
].map(resource => ({resource, namespace: 'bookinfo'}));

function resourcesOf(condition: Condition): readonly WatchedResource[] {
  switch (condition.kind) {
    case 'resource':
    case 'absent':
      return [
        {resource: condition.resource, ...(condition.namespace ? {namespace: condition.namespace} : {})},
      ];
    case 'ready':
      return [{resource: 'pods', namespace: condition.namespace}];
    case 'crds':
      return [{resource: 'customresourcedefinitions'}];
    case 'release':
      return [{resource: 'secrets', namespace: condition.namespace}];
    case 'stars':
    case 'page':
    case 'request':
      return routing;
    case 'command':
      return /\bnodes?\b/.test(condition.text) ? [{resource: 'nodes'}] : [];
    case 'log':
    case 'metric':
    case 'answer':
      return [];
  }
}
