import type {EgressListener} from './egress-listener.ts';
import type {ChainTarget, FilterChain} from './filter-chains.ts';
import {overlaps} from './hosts.ts';
import {type L4Context, tcpChains, tlsChains} from './l4-routes.ts';
import type {SidecarScope} from './sidecar-scope.ts';
import type {MeshPort, MeshProxy, MeshService, Protocol} from './snapshot.ts';
import {hostsOf} from './virtual-services.ts';

/** Where listeners of every address are. */
export const anyAddress = '0.0.0.0';

/** One listener of a sidecar, behind an address and a port. */
export interface Listener {
  address: string;
  port: number;
  chains: readonly FilterChain[];
}

/** The listener that takes a connection; undefined: no service has that port, so that the bytes are passed on unread. */
export type Listeners = (ip: string, port: number) => Listener | undefined;

interface Entry {
  address: string;
  port: number;
  protocol: Protocol;
  chains: FilterChain[];
  /** It belongs to an egress entry with a port of its own, which later ones do not add to. */
  locked: boolean;
}

/** All listeners of a sidecar, by Istio's rules for services that share a port (`buildSidecarOutboundListeners`). */
export function outboundListeners(scope: SidecarScope, context: L4Context): Listeners {
  const entries = new Map<string, Entry>();
  for (const listener of scope.listeners) {
    if (listener.port === undefined) for (const entry of entries.values()) entry.locked = true;
    for (const service of listener.services) {
      for (const own of service.ports) {
        const port = listener.protocol ? {...own, protocol: listener.protocol} : own;
        const perPod = listener.port === undefined;
        for (const address of addressesOf(service, port, perPod ? context.proxy : undefined)) {
          addService(entries, {service, port, address, listener, context});
        }
      }
    }
  }
  return (ip, port) => entries.get(`${ip}:${port}`) ?? entries.get(`${anyAddress}:${port}`);
}

/**
 * A headless service that is not HTTP has a listener for each of its pods, except the proxy's own.
 *
 * @param proxy undefined: as behind an egress entry with a port, where one listener is for all pods.
 */
function addressesOf(service: MeshService, port: MeshPort, proxy: MeshProxy | undefined): string[] {
  const [address] = service.addresses;
  if (port.protocol === 'http') return [anyAddress];
  if (address) return [address];
  const toDialled = service.headless || service.resolution === 'none';
  const external = service.source !== 'kubernetes' && port.endpoints.length === 0 && !service.selector;
  if (!proxy || !toDialled || external || service.range) return [anyAddress];
  return port.endpoints.map(({ip}) => ip).filter(ip => ip !== proxy.ip);
}

interface Addition {
  service: MeshService;
  port: MeshPort;
  address: string;
  listener: EgressListener;
  context: L4Context;
}

/** Istio: `buildSidecarOutboundListener`. */
function addService(entries: Map<string, Entry>, addition: Addition): void {
  const {port, address} = addition;
  if (port.protocol === 'udp') return;
  const key = `${address}:${port.number}`;
  const known = entries.get(key);
  if (known?.locked) return;
  const protocol = port.protocol === 'tls' ? 'tcp' : port.protocol;
  if (!known) {
    // At every address HTTP shares its port with what is passed on unread, so that first bytes are looked at.
    const shared = protocol === 'http' ? 'auto' : protocol;
    const chains = chainsOf(addition);
    entries.set(key, {address, port: port.number, protocol: shared, chains, locked: false});
    return;
  }
  if (protocol !== 'tcp' && known.protocol === 'auto') return;
  merge(known, chainsOf(addition));
  if (protocol !== 'tcp') known.protocol = 'auto';
}

function chainsOf({service, port, address, listener, context}: Addition): FilterChain[] {
  const http = (target: ChainTarget): FilterChain => ({destinations: [], serverNames: [], target});
  if (port.protocol === 'http') return [http({kind: 'http'})];
  const virtualServices = listener.virtualServices.filter(virtualService =>
    hostsOf(virtualService).some(host => overlaps(host, service.hostname)),
  );
  const options = {service, port, virtualServices, shared: address === anyAddress, context};
  if (port.protocol === 'tls') return tlsChains(options);
  const tcp = tcpChains(options);
  if (port.protocol !== 'auto') return tcp;
  return [...tcp, http(address === anyAddress ? {kind: 'http'} : {kind: 'http', host: service.hostname})];
}

/** Chains with the same conditions belong to the first (Istio: `mergeTCPFilterChains`). */
function merge(entry: Entry, chains: readonly FilterChain[]): void {
  const conditions = ({destinations, serverNames, target}: FilterChain) =>
    JSON.stringify([
      target.kind,
      [...destinations].sort(),
      [...serverNames].filter(name => name !== '*').sort(),
    ]);
  const known = new Set(entry.chains.map(conditions));
  entry.chains.push(...chains.filter(chain => !known.has(conditions(chain))));
}
