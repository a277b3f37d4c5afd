import type {KubeObject, Service} from '../../objects.ts';
import {controllerReference} from '../ownership.ts';
import type {EndpointGroup, ServiceEndpoint} from './endpoints-of.ts';

export const managedBy = 'endpointslice-controller.k8s.io';

/** Labels of a Service that its slices carry too; what Kubernetes itself writes there wins. */
export function sliceLabels(service: Service): Record<string, string> {
  return {
    ...service.metadata.labels,
    'kubernetes.io/service-name': service.metadata.name,
    'endpointslice.kubernetes.io/managed-by': managedBy,
    ...(service.spec.clusterIP === 'None' ? {'service.kubernetes.io/headless': ''} : {}),
  };
}

export function sliceOf(service: Service, group: EndpointGroup): KubeObject {
  const {name, namespace} = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: '',
      generateName: `${name}-`,
      ...(namespace === undefined ? {} : {namespace}),
      labels: sliceLabels(service),
      ownerReferences: [controllerReference({...service, apiVersion: 'v1', kind: 'Service'})],
    },
    addressType: 'IPv4',
    endpoints: group.endpoints.map(endpoint => ({
      addresses: [endpoint.ip],
      conditions: {ready: endpoint.ready, serving: endpoint.serving, terminating: endpoint.terminating},
      ...(endpoint.pod.spec['hostname'] && endpoint.pod.spec['subdomain'] === name
        ? {hostname: endpoint.pod.spec['hostname']}
        : {}),
      ...(endpoint.pod.spec.nodeName === undefined ? {} : {nodeName: endpoint.pod.spec.nodeName}),
      targetRef: targetOf(endpoint),
    })),
    ports: group.ports,
  };
}

/** The older `Endpoints` of the same facts, which older clients still read. */
export function legacyEndpoints(service: Service, groups: readonly EndpointGroup[]): KubeObject {
  const {name, namespace, labels} = service.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      ...(namespace === undefined ? {} : {namespace}),
      labels: {...labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller'},
    },
    subsets: groups.flatMap(group => {
      const address = (endpoint: ServiceEndpoint) => ({
        ip: endpoint.ip,
        ...(endpoint.pod.spec.nodeName === undefined ? {} : {nodeName: endpoint.pod.spec.nodeName}),
        targetRef: targetOf(endpoint),
      });
      const ready = group.endpoints.filter(endpoint => endpoint.ready).map(address);
      const notReady = group.endpoints
        .filter(endpoint => !endpoint.ready && !endpoint.terminating)
        .map(address);
      if (ready.length + notReady.length === 0) return [];
      return [
        {
          ...(ready.length > 0 ? {addresses: ready} : {}),
          ...(notReady.length > 0 ? {notReadyAddresses: notReady} : {}),
          ports: group.ports.map(({name: portName, ...port}) =>
            portName === '' ? port : {name: portName, ...port},
          ),
        },
      ];
    }),
  };
}

const targetOf = ({pod}: ServiceEndpoint) => ({
  kind: 'Pod',
  namespace: pod.metadata.namespace,
  name: pod.metadata.name,
  uid: pod.metadata.uid,
});
