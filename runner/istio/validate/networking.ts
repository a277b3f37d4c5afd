import type {ServiceEntry, Sidecar} from '../types.ts';
import {validateExportTo, validateWildcardDomain} from './common.ts';
import type {Collector} from './findings.ts';

/** Istio: `ValidateServiceEntry`. */
export function validateServiceEntry(entry: ServiceEntry, found: Collector): void {
  const {hosts = [], ports = [], addresses = [], exportTo, endpoints, workloadSelector} = entry.spec ?? {};
  if (hosts.length === 0) return found.error('service entry must have at least one host');
  for (const host of hosts) {
    if (host === '*') found.error(`invalid host ${host}`);
    else validateWildcardDomain(host, found);
  }
  if (workloadSelector && endpoints?.length) {
    found.error('only one of WorkloadSelector or Endpoints is allowed in Service Entry');
  }
  const names = new Set<string>();
  const numbers = new Set<number>();
  for (const port of ports) {
    if (!port.name) found.error('service entry port name is required');
    else if (names.has(port.name)) found.error(`service entry port name "${port.name}" already defined`);
    names.add(port.name ?? '');
    if (numbers.has(port.number)) found.error(`service entry port ${port.number} already defined`);
    numbers.add(port.number);
  }
  const tcp = ports.some(port => !port.protocol || port.protocol.toUpperCase() === 'TCP');
  if (tcp && addresses.length === 0) {
    found.warn(
      'addresses are required for ports serving TCP (or unset) protocol when hostname is not resolvable or the proxy is not allocating addresses',
    );
  }
  validateExportTo(exportTo, found);
}

/** Istio: `ValidateSidecar`. */
export function validateSidecar(sidecar: Sidecar, found: Collector): void {
  const {egress, ingress, outboundTrafficPolicy} = sidecar.spec ?? {};
  if (!egress?.length && !ingress?.length && !outboundTrafficPolicy) {
    return found.error('sidecar: empty configuration provided');
  }
  for (const listener of egress ?? []) {
    if (!listener.hosts?.length) {
      found.error('sidecar: egress listener must contain at least one host');
      continue;
    }
    for (const host of listener.hosts) {
      if (host.split('/').length !== 2) found.error('host must be of form namespace/dnsName');
    }
  }
}
