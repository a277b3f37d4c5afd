import {addressIn} from './addresses.ts';
import {callers} from './callers.ts';

/** What of the world a case changes. */
export interface WorldOptions {
  /** Also the services that only generated cases use: a second namespace, and ports other than 9080. */
  wide?: boolean;
  /** Pods that are not there. */
  without?: readonly string[];
  /** Another port for the Service reviews. */
  reviewsPort?: ServicePort;
  meshConfig?: {outboundTrafficPolicy?: 'ALLOW_ANY' | 'REGISTRY_ONLY'};
  /** Where objects without a namespace go. */
  namespace?: string;
  /** Objects were all made within one second, so that their age does not order them. */
  sameSecond?: boolean;
}

export interface ServicePort {
  port: number;
  name?: string;
  appProtocol?: string;
  targetPort?: number;
}

export interface WorldPod {
  name: string;
  ip: string;
  labels: Record<string, string>;
}

export interface WorldService {
  name: string;
  namespace: string;
  host: string;
  clusterIP: string;
  ports: readonly ServicePort[];
  pods: readonly WorldPod[];
}

interface Described {
  name: string;
  namespace: string;
  versions: readonly string[];
  ports?: readonly number[];
}

const bookinfo: readonly Described[] = [
  {name: 'productpage', namespace: 'bookinfo', versions: ['v1']},
  {name: 'details', namespace: 'bookinfo', versions: ['v1']},
  {name: 'ratings', namespace: 'bookinfo', versions: ['v1']},
  {name: 'reviews', namespace: 'bookinfo', versions: ['v1', 'v2', 'v3']},
];
const wider: readonly Described[] = [
  {name: 'notes', namespace: 'other', versions: ['v1', 'v2']},
  {name: 'shop', namespace: 'bookinfo', versions: ['v1', 'v2'], ports: [80, 9080]},
];

/** Bookinfo's Services with their pods. */
export function worldServices({wide = false, without = [], reviewsPort}: WorldOptions = {}): WorldService[] {
  let pods = 0;
  const nextPod = () => {
    pods += 1;
    return addressIn.pod(pods);
  };
  return [...bookinfo, ...(wide ? wider : [])].map((service, index) => {
    const {name, namespace, versions} = service;
    return {
      name,
      namespace,
      host: `${name}.${namespace}.svc.cluster.local`,
      clusterIP: addressIn.service(index + 1),
      ports: name === 'reviews' && reviewsPort ? [reviewsPort] : portsOf(service),
      pods: versions
        .map(version => ({
          name: `${name}-${version}`,
          ip: name === 'productpage' ? callers.productpage.ip : nextPod(),
          labels: {app: name, version},
        }))
        .filter(pod => !without.includes(pod.name)),
    };
  });
}

function portsOf({ports = [9080]}: Described): ServicePort[] {
  return ports.map(port => ({port, name: ports.length > 1 ? `http-${port}` : 'http'}));
}
