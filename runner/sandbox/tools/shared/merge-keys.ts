/** How a list or map of a built-in kind merges (Kubernetes' `patchStrategy` and `patchMergeKey`). */
export type MergeRule = {type: 'keyed'; key: string} | {type: 'set'} | {type: 'retain-keys'};

const byField: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  imagePullSecrets: 'name',
  resourceClaims: 'name',
  schedulingGates: 'name',
  volumes: 'name',
  env: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  conditions: 'type',
  podIPs: 'ip',
  hostIPs: 'ip',
  addresses: 'type',
  ownerReferences: 'uid',
  webhooks: 'name',
  matchConditions: 'name',
};

/** Fields that share a name with a merging one but are replaced whole, by the kind they belong to. */
const atomic = new Set(['EndpointSlice.addresses', 'Endpoints.addresses', 'ResourceClaim.devices']);

/** The rule at a path of a built-in kind; undefined means maps merge and lists are replaced. */
export function mergeRule(kind: string, path: readonly string[]): MergeRule | undefined {
  const field = path.at(-1) ?? '';
  if (field === 'finalizers' && path.length === 2) return {type: 'set'};
  if (field === 'ports') {
    if (path.includes('containers') || path.includes('initContainers'))
      return {type: 'keyed', key: 'containerPort'};
    return kind === 'Service' && path.length === 2 ? {type: 'keyed', key: 'port'} : undefined;
  }
  if (field === 'secrets') return kind === 'ServiceAccount' ? {type: 'keyed', key: 'name'} : undefined;
  if (field === 'strategy' && kind === 'Deployment' && path.length === 2) return {type: 'retain-keys'};
  if (atomic.has(`${kind}.${field}`)) return undefined;
  const key = Object.hasOwn(byField, field) ? byField[field] : undefined;
  return key === undefined ? undefined : {type: 'keyed', key};
}
