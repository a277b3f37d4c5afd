import {addressIn} from './addresses.ts';

export type CallerId = 'productpage' | 'client' | 'ingress';

/** A proxy that requests leave by. A sidecar is dialled at `ip`:15001, a gateway at `ip` and the port asked for. */
export interface Caller {
  kind: 'sidecar' | 'gateway';
  name: string;
  namespace: string;
  ip: string;
  labels: Record<string, string>;
}

export const callers: Record<CallerId, Caller> = {
  productpage: {
    kind: 'sidecar',
    name: 'productpage-v1',
    namespace: 'bookinfo',
    ip: addressIn.caller(1),
    labels: {app: 'productpage', version: 'v1'},
  },
  client: {
    kind: 'sidecar',
    name: 'client',
    namespace: 'other',
    ip: addressIn.caller(2),
    labels: {app: 'client', version: 'v1'},
  },
  ingress: {
    kind: 'gateway',
    name: 'istio-ingress',
    namespace: 'istio-ingress',
    ip: addressIn.caller(3),
    labels: {app: 'istio-ingress', istio: 'ingressgateway'},
  },
};

export const callerIds = Object.keys(callers) as CallerId[];
