import type {IstioObject, ServiceEntrySpec} from '../types.ts';
import {validateExportTo} from './export-to.ts';
import type {Collector} from './findings.ts';
import {validateSubnet} from './ip-address.ts';
import {
  partialWildcardFault,
  report,
  validatePortName,
  validatePortNumber,
  wildcardDomainFault,
} from './names.ts';
import {isHttp, isTls, validateProtocol} from './protocols.ts';
import {validateLabelSelector} from './selectors.ts';
import {type Endpoint, validateResolution} from './service-entry-resolution.ts';

type Entry = IstioObject<Omit<ServiceEntrySpec, 'endpoints'> & {endpoints?: Endpoint[]}>;

/** Istio: `ValidateServiceEntry`. */
export function validateServiceEntry(entry: Entry, found: Collector): void {
  const {hosts = [], addresses = [], ports = [], workloadSelector, exportTo, ...spec} = entry.spec ?? {};
  const {resolution = 'NONE', endpoints = []} = spec;
  if (!validateLabelSelector(workloadSelector, 'service entry', found)) return;
  if (hosts.length === 0) found.error('service entry must have at least one host');
  for (const host of hosts) {
    report(wildcardDomainFault(host), found);
    const partial = resolution === 'DYNAMIC_DNS' ? undefined : partialWildcardFault(host);
    if (partial) found.warn(partial);
  }
  for (const address of addresses) validateSubnet(address, found);
  validatePorts(ports, {needsAddress: needsAddress(entry)}, found);
  validateResolution(
    {hosts, addresses, ports, endpoints, resolution, behindWaypoint: isBehindWaypoint(entry)},
    found,
  );
  if (resolution === 'NONE' && workloadSelector) {
    found.warn('workloadSelector should not be set when resolution mode is NONE');
  }
  const anonymous = ports.some(({protocol = ''}) => !isHttp(protocol) && !isTls(protocol));
  if (resolution !== 'NONE' && hosts.length > 1 && anonymous) {
    found.error('multiple hosts provided with non-HTTP, non-TLS ports');
  }
  const namespace = entry.metadata.namespace ?? '';
  validateExportTo({exportTo, namespace, allowsNobody: true}, found);
}

/** Whether a port of TCP has no address to be told by: neither one of its own, nor one that istiod gives it. */
function needsAddress({spec, metadata}: Entry): boolean {
  if (spec?.addresses?.length) return false;
  const optedOut = metadata.labels?.['networking.istio.io/enable-autoallocate-ip']?.toLowerCase() === 'false';
  return (spec?.resolution ?? 'NONE') === 'NONE' || optedOut;
}

function isBehindWaypoint({spec, metadata}: Entry): boolean {
  const waypoint = metadata.labels?.['istio.io/use-waypoint'] ?? '';
  return spec?.location === 'MESH_INTERNAL' && waypoint !== '' && waypoint.toLowerCase() !== 'none';
}

function validatePorts(
  ports: NonNullable<ServiceEntrySpec['ports']>,
  {needsAddress}: {needsAddress: boolean},
  found: Collector,
): void {
  for (const {name = '', number, protocol = '', targetPort} of ports) {
    if (targetPort) validatePortNumber(targetPort, found);
    if (needsAddress && (protocol === '' || protocol === 'TCP')) {
      found.warn(
        'addresses are required for ports serving TCP (or unset) protocol when IP Autoallocation is not enabled',
      );
    }
    validatePortName(name, found);
    validateProtocol(protocol, found);
    validatePortNumber(number, found);
  }
}
