import type {Collector} from './findings.ts';
import {validateIp} from './ip-address.ts';
import {validatePortName, validatePortNumber} from './names.ts';
import {validateNamespacedHost} from './namespaced-host.ts';
import {validateProtocol} from './protocols.ts';
import {isUnixAddress, validateUnixAddress} from './unix-address.ts';

export interface SidecarPort {
  number?: number;
  name?: string;
  protocol?: string;
  targetPort?: number;
}

interface Egress {
  port?: SidecarPort;
  bind?: string;
  captureMode?: string;
  hosts?: string[];
}

/** What a sidecar's workload may call: the listeners, of which one without a port may be the last. */
export function validateEgress(listeners: readonly Egress[], namespace: string, found: Collector): void {
  const taken = {ports: new Set<number>(), sockets: new Set<string>()};
  for (const [index, listener] of listeners.entries()) {
    if (listener.port) validateListener(listener, listener.port, taken, found);
    else if (index < listeners.length - 1) {
      found.error('sidecar: the egress listener with empty port should be the last listener in the list');
    }
    validateEgressHosts(listener.hosts ?? [], namespace, found);
  }
}

interface Taken {
  ports: Set<number>;
  sockets: Set<string>;
}

function validateListener(
  {bind = '', captureMode}: Egress,
  port: SidecarPort,
  taken: Taken,
  found: Collector,
): void {
  const {number = 0, name = '', protocol = '', targetPort = 0} = port;
  if (targetPort > 0) found.error('targetPort has no impact on Sidecars');
  if (name !== '') validatePortName(name, found);
  validateProtocol(protocol, found);
  if (number === 0) {
    validateSocket(bind, captureMode, found);
    if (taken.sockets.has(bind)) {
      found.error('sidecar: unix domain socket values for listeners must be unique');
    }
    taken.sockets.add(bind);
    return;
  }
  validatePortNumber(number, found);
  if (bind !== '') validateIp(bind, found);
  if (taken.ports.has(number)) found.error('sidecar: ports on IP bound listeners must be unique');
  taken.ports.add(number);
}

function validateSocket(bind: string, captureMode = 'DEFAULT', found: Collector): void {
  if (isUnixAddress(bind)) validateUnixAddress(bind, found);
  else found.error('sidecar: ports with 0 value must have a unix domain socket bind address');
  if (captureMode !== 'DEFAULT' && captureMode !== 'NONE') {
    found.error('sidecar: captureMode must be DEFAULT/NONE for unix domain socket listeners');
  }
}

function validateEgressHosts(hosts: readonly string[], own: string, found: Collector): void {
  if (hosts.length === 0) return found.error('sidecar: egress listener must contain at least one host');
  const imported = new Map<string, Set<string>>();
  for (const entry of hosts) {
    const slash = entry.indexOf('/');
    if (slash >= 0 && !entry.startsWith('~')) {
      const namespace = entry.startsWith('./') ? own : entry.slice(0, slash);
      const host = entry.slice(slash + 1);
      const before = imported.get(namespace) ?? new Set();
      const twice = host === '*' ? before.size > 0 : before.has(host) || before.has('*');
      if (twice) found.warn(`duplicated egress host: ${entry}`);
      imported.set(namespace, before.add(host));
    }
    validateNamespacedHost(entry, 'sidecar', found);
  }
  if (imported.get('*')?.has('*') && imported.size > 1) {
    found.warn('`*/*` host select all resources, no other hosts can be added');
  }
}
