import type {Collector} from './findings.ts';
import {type LocalitySetting, validateLocality} from './locality.ts';
import {validateDuration} from './values.ts';

export interface LoadBalancer {
  consistentHash?: ConsistentHash;
  localityLbSetting?: LocalitySetting;
  warmup?: {duration?: string; aggression?: number | null};
}

interface ConsistentHash {
  httpCookie?: {name?: string; attributes?: {name?: string}[]};
  minimumRingSize?: number;
  maglev?: {tableSize?: number};
  ringHash?: object;
}

const largestTable = 5_000_011;

/** Istio: `validateLoadBalancer`. */
export function validateLoadBalancer(
  balancer: LoadBalancer | undefined,
  {hasOutlierDetection}: {hasOutlierDetection: boolean},
  found: Collector,
): void {
  if (!balancer) return;
  if (balancer.consistentHash) validateHash(balancer.consistentHash, found);
  validateLocality(balancer.localityLbSetting, {hasOutlierDetection}, found);
  validateDuration(balancer.warmup?.duration, found);
  if (balancer.warmup?.aggression === 0) found.error('aggression should be greater than 0');
}

function validateHash(hash: ConsistentHash, found: Collector): void {
  const {httpCookie, minimumRingSize, maglev, ringHash} = hash;
  if (httpCookie?.name === '') found.error('name required for HttpCookie');
  const names = new Set<string>();
  for (const {name = ''} of httpCookie?.attributes ?? []) {
    if (name === '') found.error('cookie attribute name cannot be empty');
    else if (names.has(name)) found.error(`duplicate cookie attribute name: ${name}`);
    names.add(name);
  }
  if (minimumRingSize) {
    found.warn(
      "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash configuration instead",
    );
    if (maglev || ringHash) found.error('only one of MinimumRingSize or Maglev/Ringhash can be specified');
  }
  if (!maglev) return;
  const {tableSize = 0} = maglev;
  if (tableSize === 0) found.error('tableSize must be set for maglev');
  if (tableSize >= largestTable) found.error(`tableSize must be less than ${largestTable} for maglev`);
  if (!isPrime(tableSize)) found.error('tableSize must be a prime number for maglev');
}

/** As Envoy computes it, for whom 1 is a prime number. */
function isPrime(number: number): boolean {
  if (number !== 0 && number < 4) return true;
  if (number % 2 === 0) return false;
  for (let factor = 3; factor * factor <= number; factor += 2) if (number % factor === 0) return false;
  return true;
}
