import type {MeshPort, MeshService} from './snapshot.ts';

/**
 * Gives services of one hostname and namespace the endpoints of each other, as a Service and a ServiceEntry that
 * doubles it: those of a port of the same name, or of the same number where DNS finds them (Istio: `EndpointIndex`).
 */
export function joinEndpoints(services: readonly MeshService[]): MeshService[] {
  const groups = new Map<string, MeshService[]>();
  for (const service of services) {
    const key = `${service.namespace}/${service.hostname}`;
    const group = groups.get(key);
    if (!group) groups.set(key, [service]);
    // One host at several addresses has the same endpoints at each.
    else if (!group.some(({ports}) => ports === service.ports)) group.push(service);
  }
  return services.map(service => {
    const group = groups.get(`${service.namespace}/${service.hostname}`) ?? [];
    return group.length < 2
      ? service
      : {...service, ports: service.ports.map(port => joined(service, port, group))};
  });
}

function joined(service: MeshService, port: MeshPort, group: readonly MeshService[]): MeshPort {
  const byNumber = service.resolution === 'dns' || service.resolution === 'dns-round-robin';
  const endpoints = group
    .flatMap(({ports}) => ports)
    .filter(other => (byNumber ? other.number === port.number : other.name === port.name))
    .flatMap(other => other.endpoints);
  // No balancing among several: only the first counts.
  return {...port, endpoints: service.resolution === 'dns-round-robin' ? endpoints.slice(0, 1) : endpoints};
}
