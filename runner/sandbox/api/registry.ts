/** One resource the API serves: a built-in kind or one that a CRD brought. */
export interface ResourceType {
  /** Empty for the core group. */
  group: string;
  /** Served versions, the preferred one first. */
  versions: readonly string[];
  /** Plural, lower case. */
  resource: string;
  singular: string;
  kind: string;
  shortNames: readonly string[];
  categories: readonly string[];
  namespaced: boolean;
  verbs: readonly string[];
  /** `status`, `scale`, `log`, ... with the kind each answers and its verbs. */
  subresources: readonly {
    name: string;
    group?: string;
    version?: string;
    kind: string;
    verbs: readonly string[];
  }[];
  /** True for what a CRD brought: JSON merge patch only, pruned by its schema. */
  custom: boolean;
}

/** `pods`, `deployments.apps`: how the in-process client and the tables name a resource. */
export function resourceName(type: Pick<ResourceType, 'group' | 'resource'>): string {
  return type.group === '' ? type.resource : `${type.resource}.${type.group}`;
}
