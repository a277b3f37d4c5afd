import type {ApiClient} from '../api/client.ts';
import type {Service} from '../objects.ts';

/**
 * The variables that tell a container of Services: `REVIEWS_SERVICE_HOST` and its older, Docker-like siblings.
 * Those of the pod's namespace only with service links; those of `default/kubernetes` always.
 */
export function serviceVariables(
  client: ApiClient,
  namespace: string,
  links: boolean,
): Record<string, string> {
  const services = client
    .list<Service>('services', {namespace})
    .filter(service => links && (namespace !== 'default' || service.metadata.name !== 'kubernetes'));
  const master = client.get<Service>('services', 'kubernetes', 'default');
  return Object.assign({}, ...services.map(variablesOf), master ? variablesOf(master) : {});
}

function variablesOf(service: Service): Record<string, string> {
  const {clusterIP, ports = []} = service.spec ?? {};
  const [first] = ports;
  if (!clusterIP || clusterIP === 'None' || !first) return {};
  const name = service.metadata.name.toUpperCase().replaceAll('-', '_');
  const url = (port: {protocol?: string; port: number}) =>
    `${(port.protocol ?? 'TCP').toLowerCase()}://${clusterIP}:${port.port}`;
  const variables: Record<string, string> = {
    [`${name}_SERVICE_HOST`]: clusterIP,
    [`${name}_SERVICE_PORT`]: String(first.port),
  };
  for (const port of ports) {
    if (port.name)
      variables[`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = String(port.port);
  }
  variables[`${name}_PORT`] = url(first);
  for (const port of ports) {
    const protocol = port.protocol ?? 'TCP';
    const prefix = `${name}_PORT_${port.port}_${protocol}`;
    variables[prefix] = url(port);
    variables[`${prefix}_PROTO`] = protocol.toLowerCase();
    variables[`${prefix}_PORT`] = String(port.port);
    variables[`${prefix}_ADDR`] = clusterIP;
  }
  return variables;
}
