import {ageOf} from '../../age.ts';
import type {KubeObject} from '../../objects.ts';
import {firstThree, formatLabels, formatSelector, hostPort, textOr} from './format.ts';
import {columns, type Printer} from './printer.ts';

const created = (object: KubeObject) => object.metadata.creationTimestamp;

/** Printers of what names and reaches pods, by resource name. */
export const servicePrinters: Record<string, Printer> = {
  services: {
    columns: columns('Name|Type|Cluster-IP|External-IP|Port(s)|Age|+Selector'),
    cells: (object, now) => [
      object.metadata.name,
      object['spec']?.type ?? '',
      textOr(object['spec']?.clusterIPs?.[0] ?? object['spec']?.clusterIP, '<none>'),
      externalAddress(object),
      textOr(servicePorts(object), '<none>'),
      ageOf(created(object), now),
      formatLabels(object['spec']?.selector),
    ],
  },
  endpoints: {
    columns: columns('Name|Endpoints|Age'),
    cells: (object, now) => [
      object.metadata.name,
      firstThree((object['subsets'] ?? []).flatMap(subsetAddresses), '<none>'),
      ageOf(created(object), now),
    ],
  },
  'endpointslices.discovery.k8s.io': {
    columns: columns('Name|AddressType|Ports|Endpoints|Age'),
    cells: (object, now) => [
      object.metadata.name,
      object['addressType'] ?? '',
      firstThree(
        (object['ports'] ?? []).map((port: any) => textOr(port.port, '*')),
        '<unset>',
      ),
      firstThree(
        (object['endpoints'] ?? []).flatMap((endpoint: any) => endpoint.addresses ?? []),
        '<unset>',
      ),
      ageOf(created(object), now),
    ],
  },
  'ingresses.networking.k8s.io': {
    columns: columns('Name|Class|Hosts|Address|Ports|Age'),
    cells: (object, now) => [
      object.metadata.name,
      textOr(object['spec']?.ingressClassName, '<none>'),
      firstThree((object['spec']?.rules ?? []).map((rule: any) => rule.host).filter(Boolean), '*'),
      loadBalancerAddresses(object).join(','),
      object['spec']?.tls?.length > 0 ? '80, 443' : '80',
      ageOf(created(object), now),
    ],
  },
  'ingressclasses.networking.k8s.io': {
    columns: columns('Name|Controller|Parameters|Age'),
    cells: (object, now) => {
      const parameters = object['spec']?.parameters;
      const group = parameters?.apiGroup ? `.${parameters.apiGroup}` : '';
      return [
        object.metadata.name,
        object['spec']?.controller ?? '',
        parameters ? `${parameters.kind}${group}/${parameters.name}` : '<none>',
        ageOf(created(object), now),
      ];
    },
  },
  'networkpolicies.networking.k8s.io': {
    columns: columns('Name|Pod-Selector|Age'),
    cells: (object, now) => [
      object.metadata.name,
      formatSelector(object['spec']?.podSelector),
      ageOf(created(object), now),
    ],
  },
};

function loadBalancerAddresses(object: KubeObject): string[] {
  const ingress: {ip?: string; hostname?: string}[] = object['status']?.loadBalancer?.ingress ?? [];
  const addresses = ingress.map(one => one.ip || one.hostname).filter(address => address !== undefined);
  return [...new Set(addresses)].sort();
}

function externalAddress(service: KubeObject): string {
  const own: string[] = service['spec']?.externalIPs ?? [];
  switch (service['spec']?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return own.length > 0 ? own.join(',') : '<none>';
    case 'LoadBalancer': {
      const all = [...loadBalancerAddresses(service), ...own];
      return all.length > 0 ? all.join(',') : '<pending>';
    }
    case 'ExternalName':
      return service['spec'].externalName ?? '';
    default:
      return '<unknown>';
  }
}

function servicePorts(service: KubeObject): string {
  const ports: {port: number; nodePort?: number; protocol?: string}[] = service['spec']?.ports ?? [];
  return ports
    .map(port => `${port.port}${port.nodePort ? `:${port.nodePort}` : ''}/${port.protocol ?? 'TCP'}`)
    .join(',');
}

function subsetAddresses(subset: any): string[] {
  const addresses: string[] = (subset.addresses ?? []).map((address: {ip?: string}) => address.ip ?? '');
  if (!subset.ports?.length) return addresses;
  return subset.ports.flatMap((port: {port: number}) => addresses.map(ip => hostPort(ip, port.port)));
}
