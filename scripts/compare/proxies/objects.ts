import type {IstioObject} from '../../../runner/istio/types.ts';

const networking = 'networking.istio.io/v1';

export function destinationRule(host = 'reviews'): IstioObject {
  const subsets = ['v1', 'v2', 'v3'].map(name => ({name, labels: {version: name}}));
  return {
    apiVersion: networking,
    kind: 'DestinationRule',
    metadata: {name: host, namespace: 'bookinfo'},
    spec: {host, subsets},
  };
}

export function gateway(): IstioObject {
  return {
    apiVersion: networking,
    kind: 'Gateway',
    metadata: {name: 'front', namespace: 'bookinfo'},
    spec: {
      selector: {istio: 'ingressgateway'},
      servers: [{port: {number: 80, name: 'http', protocol: 'HTTP'}, hosts: ['*']}],
    },
  };
}

/** One rule for a service; bound to gateways it is for whatever they are asked for. */
export function virtualService(
  host: string,
  {
    subset,
    user,
    gateways,
    timeout,
    abort,
  }: {
    subset?: string;
    user?: string;
    gateways?: readonly string[];
    timeout?: string;
    /** For how many of a hundred. */
    abort?: number;
  },
): IstioObject {
  const destination = {host, port: {number: 9080}, ...(subset ? {subset} : {})};
  return {
    apiVersion: networking,
    kind: 'VirtualService',
    metadata: {name: host, namespace: 'bookinfo'},
    spec: {
      hosts: gateways ? ['*'] : [host],
      ...(gateways ? {gateways} : {}),
      http: [
        {
          ...(user ? {match: [{headers: {'end-user': {exact: user}}}]} : {}),
          route: [{destination}],
          ...(timeout ? {timeout} : {}),
          ...(abort ? {fault: {abort: {httpStatus: 500, percentage: {value: abort}}}} : {}),
        },
      ],
    },
  };
}
