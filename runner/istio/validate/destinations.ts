import type {Destination, HttpDestination} from '../types.ts';
import type {Collector} from './findings.ts';
import {validateHeaderOperations} from './headers.ts';
import {report, validatePortNumber, validateSubsetName, wildcardDomainFault} from './names.ts';

/** Istio: `validateDestination`. */
export function validateDestination(destination: Destination | undefined, found: Collector): void {
  if (!destination) return;
  const {host = '', subset, port} = destination;
  if (host === '*') found.error(`invalid destination host ${host}`);
  else report(wildcardDomainFault(host), found);
  if (subset) validateSubsetName(subset, found);
  if (port) validatePortNumber(port.number ?? 0, found);
}

/** The destinations of one rule, of HTTP or TCP, with their weights. */
export function validateRouteDestinations(
  entries: readonly HttpDestination[] | undefined,
  found: Collector,
): void {
  let total = 0;
  for (const {destination, headers, weight = 0} of entries ?? []) {
    validateHeaderOperations(headers, found);
    validateDestination(destination, found);
    if (weight < 0) found.error(`weight ${weight} < 0`);
    total += weight;
  }
  if ((entries?.length ?? 0) > 1 && total === 0) found.error('total destination weight = 0');
}
