import {covers, hostMap, isWildcard, overlaps} from './hosts.ts';
import {entryPortProtocol, protocolKind} from './protocol.ts';
import {serviceIndex} from './service-index.ts';
import type {MeshService, MeshSnapshot, Protocol} from './snapshot.ts';
import type {Sidecar, VirtualService} from './types.ts';
import {hostsOf, virtualServiceIndex} from './virtual-services.ts';

/** One entry of a Sidecar's `egress`, and what it imports. */
export interface EgressListener {
  /** The only port that it is for; undefined: all that no other entry names. */
  port?: number;
  /** That port's, as the entry states it: it counts for its listener in place of what the services' ports are. */
  protocol?: Protocol;
  /** Several of one hostname where one namespace has several. */
  services: readonly MeshService[];
  virtualServices: readonly VirtualService[];
  /** For each service the VirtualService with the most specific host that covers it. */
  owners: ReadonlyMap<string, VirtualService>;
}

type EgressEntry = NonNullable<NonNullable<Sidecar['spec']>['egress']>[number];

/** What a proxy without a Sidecar resource has. */
export const everything: EgressEntry = {hosts: ['*/*']};

/** Istio: `convertIstioListenerToWrapper`. */
export function egressListener(
  snapshot: MeshSnapshot,
  namespace: string,
  entry: EgressEntry,
): EgressListener {
  const imports = importsOf(entry.hosts ?? [], namespace);
  const port = entry.port?.number || undefined;
  const virtualServices = virtualServiceIndex(snapshot)(namespace, 'mesh').filter(virtualService =>
    importsVirtualService(imports, virtualService),
  );
  const services = importServices(snapshot, namespace, imports, port);
  return {
    ...(port === undefined ? {} : {port, protocol: protocolKind(entryPortProtocol(entry.port?.protocol))}),
    services,
    virtualServices,
    owners: ownersOf(services, virtualServices),
  };
}

/** The hosts that are imported from one namespace, or from all (`*`). */
interface Imported {
  exact: ReadonlySet<string>;
  wildcards: readonly string[];
  excluded: readonly string[];
}

type Imports = ReadonlyMap<string, Imported>;

/** `.` is the namespace of the proxy, even of a Sidecar in the root namespace; a leading `~` takes away. */
function importsOf(hosts: readonly string[], namespace: string): Imports {
  const found = new Map<string, {exact: Set<string>; wildcards: string[]; excluded: string[]}>();
  for (const entry of hosts) {
    const [stated = '', host = '', ...rest] = entry.split('/');
    if (rest.length > 0 || !entry.includes('/')) continue;
    const excluded = stated.startsWith('~');
    const named = excluded ? stated.slice(1) || '*' : stated;
    const key = named === '.' ? namespace : named;
    const imported = found.get(key) ?? {exact: new Set<string>(), wildcards: [], excluded: []};
    found.set(key, imported);
    if (excluded) imported.excluded.push(host);
    else if (isWildcard(host)) imported.wildcards.push(host);
    else imported.exact.add(host);
  }
  return found;
}

function isExcluded(imports: Imports, namespace: string, host: string): boolean {
  return [imports.get(namespace), imports.get('*')].some(imported =>
    imported?.excluded.some(pattern => covers(pattern, host)),
  );
}

/** A service is imported where an entry covers its host; an exact entry never covers a wildcard. */
function importsService({exact, wildcards}: Imported, host: string): boolean {
  return exact.has(host) || wildcards.some(pattern => covers(pattern, host));
}

/** A VirtualService is imported as soon as one of its hosts overlaps with an entry for its namespace. */
function importsVirtualService(imports: Imports, virtualService: VirtualService): boolean {
  const namespace = virtualService.metadata.namespace ?? '';
  const hosts = hostsOf(virtualService).filter(host => !isExcluded(imports, namespace, host));
  return [imports.get(namespace), imports.get('*')].some(imported =>
    hosts.some(
      host =>
        imported?.exact.has(host) ||
        imported?.wildcards.some(pattern => overlaps(host, pattern)) ||
        (isWildcard(host) && [...(imported?.exact ?? [])].some(exact => covers(host, exact))),
    ),
  );
}

/** Of each hostname those of one namespace: the proxy's own, else Kubernetes' own, else the first. */
function importServices(
  snapshot: MeshSnapshot,
  namespace: string,
  imports: Imports,
  port: number | undefined,
): MeshService[] {
  const imported = serviceIndex(snapshot)
    .visibleFrom(namespace)
    .flatMap(service => {
      const {hostname} = service;
      if (isExcluded(imports, service.namespace, hostname)) return [];
      const entries = [imports.get(service.namespace), imports.get('*')];
      if (!entries.some(entry => entry && importsService(entry, hostname))) return [];
      return atPort(service, port);
    });
  const chosen = new Map<string, MeshService>();
  for (const service of imported) {
    const known = chosen.get(service.hostname);
    if (
      !known ||
      service.namespace === namespace ||
      (known.source !== 'kubernetes' && service.source === 'kubernetes' && known.namespace !== namespace)
    ) {
      chosen.set(service.hostname, service);
    }
  }
  return imported.filter(service => chosen.get(service.hostname)?.namespace === service.namespace);
}

function atPort(service: MeshService, port: number | undefined): MeshService[] {
  if (port === undefined) return [service];
  const ports = service.ports.filter(({number}) => number === port);
  return ports.length > 0 ? [{...service, ports}] : [];
}

function ownersOf(
  services: readonly MeshService[],
  virtualServices: readonly VirtualService[],
): Map<string, VirtualService> {
  const byHost = hostMap<VirtualService>();
  for (const virtualService of virtualServices) {
    for (const host of hostsOf(virtualService)) {
      if (!byHost.get(host)) byHost.set(host, virtualService);
    }
  }
  const owners = new Map<string, VirtualService>();
  for (const {hostname} of services) {
    const owner = byHost.mostSpecific(hostname);
    if (owner) owners.set(hostname, owner);
  }
  return owners;
}
