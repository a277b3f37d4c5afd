import type {IstioObject} from '../types.ts';
import type {Collector} from './findings.ts';
import {quoted} from './go-format.ts';
import {isIp} from './ip-address.ts';
import {fqdnFault, validateLabels, validatePortName, validatePortNumber} from './names.ts';
import {isUnixAddress, validateUnixAddress} from './unix-address.ts';

export interface Workload {
  address?: string;
  network?: string;
  ports?: Record<string, number>;
  labels?: Record<string, string>;
}

/** Istio: `ValidateWorkloadEntry`. */
export function validateWorkloadEntry(entry: IstioObject<Workload>, found: Collector): void {
  validateWorkload(entry.spec ?? {}, {allowNames: true}, found);
}

interface WorkloadContext {
  /** The names of the ports of the ServiceEntry that the workload stands in. */
  servicePorts?: ReadonlySet<string>;
  allowNames: boolean;
}

/** Istio: `validateWorkloadEntry`. */
export function validateWorkload(
  workload: Workload,
  {servicePorts, allowNames}: WorkloadContext,
  found: Collector,
): void {
  const {address = '', network = '', ports = {}, labels} = workload;
  if (address === '' && network === '') return found.error('address is required');
  if (address === '') found.warn(`address is unset with network ${quoted(network)}`);
  const isSocket = isUnixAddress(address);
  if (isSocket) {
    validateUnixAddress(address, found);
  } else if (address !== '' && !isIp(address)) {
    if (!allowNames) found.error(`endpoint address ${quoted(address)} is not a valid IP address`);
    else validateNameOrIp(address, found);
  }
  validateWorkloadPorts(ports, servicePorts, found);
  validateLabels(labels, found);
  if (isSocket && servicePorts && servicePorts.size !== 1) {
    found.error('exactly 1 service port required for unix endpoints');
  }
}

export function validateNameOrIp(address: string, found: Collector): void {
  if (isIp(address) || !fqdnFault(address)) return;
  found.error(`endpoint address ${quoted(address)} is not a valid FQDN or an IP address`);
}

export function validateWorkloadPorts(
  ports: Readonly<Record<string, number>>,
  servicePorts: ReadonlySet<string> | undefined,
  found: Collector,
): void {
  for (const [name, port] of Object.entries(ports)) {
    if (servicePorts && !servicePorts.has(name)) {
      found.error(`endpoint port ${port} is not defined by the service entry`);
    }
    validatePortName(name, found);
    validatePortNumber(port, found);
  }
}
