import type {ServiceEntrySpec} from '../types.ts';
import type {Collector} from './findings.ts';
import {fqdnFault, validateLabels} from './names.ts';
import {isTcp} from './protocols.ts';
import {validateNameOrIp, validateWorkload, validateWorkloadPorts, type Workload} from './workload-entry.ts';

export type Endpoint = Workload;

interface Resolved {
  hosts: readonly string[];
  addresses: readonly string[];
  ports: NonNullable<ServiceEntrySpec['ports']>;
  endpoints: readonly Endpoint[];
  resolution: string;
  /** Inside the mesh, and reached by way of a waypoint. */
  behindWaypoint: boolean;
}

/** What a way to find a ServiceEntry's endpoints asks of the rest of it. */
export function validateResolution(entry: Resolved, found: Collector): void {
  const {resolution, endpoints} = entry;
  if (resolution === 'NONE') {
    if (endpoints.length > 0) found.error('no endpoints should be provided for resolution type none');
  } else if (resolution === 'STATIC') {
    for (const endpoint of endpoints) {
      validateWorkload(endpoint, {servicePorts: portNames(entry), allowNames: false}, found);
    }
  } else if (resolution === 'DYNAMIC_DNS') validateDynamic(entry, found);
  else validateDns(entry, found);
}

const portNames = ({ports}: Resolved) => new Set(ports.map(port => port.name ?? ''));

function validateDns(entry: Resolved, found: Collector): void {
  const {hosts, addresses, ports, endpoints, resolution} = entry;
  if (endpoints.length === 0) {
    const fault = hosts.map(fqdnFault).find(Boolean);
    if (fault) {
      found.error(
        `hosts must be FQDN or contain only prefix wildcards if no endpoints are provided for resolution mode ${resolution}, ${fault}`,
      );
    }
  }
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) {
    found.error(`there must only be 0 or 1 endpoint for resolution mode ${resolution}`);
  }
  for (const {address = '', labels, ports: own = {}} of endpoints) {
    validateNameOrIp(address, found);
    validateLabels(labels, found);
    validateWorkloadPorts(own, portNames(entry), found);
  }
  if (addresses.length > 0 && hosts.length > 1 && ports.some(({protocol = ''}) => isTcp(protocol))) {
    found.warn(
      'service entry can not have more than one host specified simultaneously with address and tcp port',
    );
  }
}

/** Hosts that are looked up when they are asked for. */
function validateDynamic(entry: Resolved, found: Collector): void {
  const {hosts, addresses, ports, endpoints, resolution, behindWaypoint} = entry;
  for (const host of hosts) {
    if (!host.startsWith('*')) found.error(`host must be wildcarded for resolution mode ${resolution}`);
  }
  if (addresses.length > 0) {
    found.error(
      `addresses cannot be set for resolution type ${resolution}. HTTP route domains will only be generatedfrom the hosts field values`,
    );
  }
  if (endpoints.length > 0) {
    found.error(
      `endpoints cannot be set for resolution type ${resolution}. Destination IP address determined from hostsfield values`,
    );
  }
  for (const {protocol = ''} of ports) {
    if (['http', 'tls', 'grpc', 'http2'].includes(protocol.toLowerCase())) continue;
    found.error(`only HTTP, TLS, GRPC, and HTTP2 protocols are supported for resolution type ${resolution}`);
  }
  if (behindWaypoint) {
    found.error(
      `location MESH_INTERNAL with resolution type ${resolution} is not supported when using waypoints`,
    );
  }
}
