import type {Collector} from './findings.ts';

export interface LocalitySetting {
  distribute?: {from?: string; to?: Record<string, number>}[];
  failover?: {from?: string; to?: string}[];
  failoverPriority?: string[];
}

const topologyLabels = [
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
];

/** Istio: `ValidateLocalityLbSetting`. */
export function validateLocality(
  setting: LocalitySetting | undefined,
  {hasOutlierDetection}: {hasOutlierDetection: boolean},
  found: Collector,
): void {
  if (!setting) return;
  const {distribute = [], failover = [], failoverPriority = []} = setting;
  if (distribute.length > 0 && failover.length > 0) {
    return found.error("can not simultaneously specify 'distribute' and 'failover'");
  }
  const topology = failover.length > 0 && failoverPriority.find(label => topologyLabels.includes(label));
  if (topology) {
    return found.error(
      `can not simultaneously set 'failover' and topology label '${topology}' in 'failover_priority'`,
    );
  }
  for (const {to = {}} of distribute) {
    const weights = Object.values(to);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (weights.some(weight => weight <= 0 || weight > 100)) {
      return found.error('locality weight must be in range [1, 100]');
    }
    if (total !== 100) return found.error(`total locality weight ${total} != 100`);
    validateLocalities(Object.keys(to), found);
  }
  validateLocalities(
    distribute.map(({from = ''}) => from),
    found,
  );
  if (failover.length + failoverPriority.length > 0 && !hasOutlierDetection) {
    found.warn('outlier detection policy must be provided for failover');
  }
  for (const {from = '', to = ''} of failover) {
    if (from === to) found.error('locality lb failover settings must specify different regions');
    if (`${from}${to}`.includes('/')) found.error('locality lb failover only specify region');
    if (`${from}${to}`.includes('*')) {
      found.error("locality lb failover region should not contain '*' wildcard");
    }
  }
}

/** Places as `region/zone/subzone`, none of which may overlap with one before it; stops at the first error. */
function validateLocalities(localities: readonly string[], found: Collector): void {
  const seen: string[][] = [];
  for (const locality of localities) {
    const stars = locality.split('*').length - 1;
    if (stars > 1 || (stars === 1 && !locality.endsWith('*'))) {
      return found.error(`locality ${locality} wildcard '*' number can not exceed 1 and must be in the end`);
    }
    const overlap = `locality ${locality} overlap with previous specified ones`;
    if (seen.some(([region]) => region === '*')) return found.error(overlap);
    const [region = '', zone, ...subzone] = locality.split('/');
    const place = [region, zone, subzone.length > 0 ? subzone.join('/') : undefined].filter(
      part => part !== undefined,
    );
    if (place.includes('')) {
      return found.error(`locality ${locality} must not contain empty region/zone/subzone info`);
    }
    if (seen.some(before => overlaps(place, before))) return found.error(overlap);
    seen.push(place);
  }
}

/** A trailing `*` says the rest of a region or zone, and so lets what stands before it be. */
function overlaps(place: readonly string[], before: readonly string[]): boolean {
  const taken = before.at(-1) === '*' ? before.slice(0, -1) : before;
  return startsWith(place, taken) || (place.at(-1) !== '*' && startsWith(before, place));
}

function startsWith(list: readonly string[], start: readonly string[]): boolean {
  return start.every((part, index) => list[index] === part);
}
