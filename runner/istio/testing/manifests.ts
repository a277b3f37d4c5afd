/** YAML documents for tests, each ended by `---`, in `bookinfo` unless they say otherwise. */

export const reviewsHost = 'reviews.bookinfo.svc.cluster.local';

export interface Placed {
  name?: string;
  namespace?: string;
  exportTo?: string;
}

function metadata({name, namespace = 'bookinfo'}: Placed): string {
  return `metadata: {name: ${name}, namespace: ${namespace}}`;
}

function exported({exportTo}: Placed): string {
  return exportTo === undefined ? '' : `exportTo: [${exportTo}]`;
}

/** @param http the rules, as YAML flow without the outer brackets. */
export function virtualService(http: string, options: Placed & {hosts?: string; more?: string} = {}): string {
  const {hosts = 'reviews', more = ''} = options;
  return `
kind: VirtualService
${metadata({name: 'reviews', ...options})}
spec:
  ${hosts === '' ? '' : `hosts: [${hosts}]`}
  ${exported(options)}
  ${more}
  http: [${http}]
---
`;
}

/** One with subsets by the label `version`. */
export function destinationRule(subsets: readonly string[], options: Placed & {host?: string} = {}): string {
  const {host = 'reviews'} = options;
  const entries = subsets.map(name => `{name: ${name}, labels: {version: ${name}}}`);
  return `
kind: DestinationRule
${metadata({name: 'reviews', ...options})}
spec:
  host: "${host}"
  ${exported(options)}
  subsets: [${entries.join(', ')}]
---
`;
}

/** @param hosts of its egress, as YAML flow. */
export function sidecar(hosts: string, options: Placed & {more?: string} = {}): string {
  return `
kind: Sidecar
${metadata({name: 'default', ...options})}
spec:
  egress: [{hosts: [${hosts}]}]
  ${options.more ?? ''}
---
`;
}

export function toSubset(subset: string): string {
  return `route: [{destination: {host: ${reviewsHost}, subset: ${subset}}}]`;
}

export const allSubsets = destinationRule(['v1', 'v2', 'v3']);
