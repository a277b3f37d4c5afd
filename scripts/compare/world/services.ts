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
  /** `None` for a headless service. */
  clusterIP: string;
  ports: readonly ServicePort[];
  pods: readonly WorldPod[];
}

interface Described {
  name: string;
  namespace: string;
  versions: readonly string[];
  ports?: readonly ServicePort[];
  headless?: boolean;
}

const bookinfo: readonly Described[] = [
  {name: 'productpage', namespace: 'bookinfo', versions: ['v1']},
  {name: 'details', namespace: 'bookinfo', versions: ['v1']},
  {name: 'ratings', namespace: 'bookinfo', versions: ['v1']},
  {name: 'reviews', namespace: 'bookinfo', versions: ['v1', 'v2', 'v3']},
];
/** Ports of each kind: TCP, TLS, and one that does not state its protocol. */
const plainPorts: readonly ServicePort[] = [
  {port: 9100, name: 'tcp'},
  {port: 9143, name: 'tls'},
  {port: 9180, name: 'web'},
];

const wider: readonly Described[] = [
  {name: 'notes', namespace: 'other', versions: ['v1', 'v2']},
  {
    name: 'shop',
    namespace: 'bookinfo',
    versions: ['v1', 'v2'],
    ports: [
      {port: 80, name: 'http-80'},
      {port: 9080, name: 'http-9080'},
    ],
  },
  {name: 'journal', namespace: 'bookinfo', versions: ['v1', 'v2'], ports: plainPorts},
  {
    name: 'archive',
    namespace: 'other',
    versions: ['v1', 'v2'],
    ports: [{port: 9080, name: 'http'}, ...plainPorts.slice(0, 2)],
    headless: true,
  },
];

/** Every port that any service has. */
export const allPorts = [80, 8080, 9080, ...plainPorts.map(({port}) => port)];

/** Bookinfo's Services with their pods. */
export function worldServices({wide = false, without = [], reviewsPort}: WorldOptions = {}): WorldService[] {
  let pods = 0;
  const nextPod = () => {
    pods += 1;
    return addressIn.pod(pods);
  };
  return [...bookinfo, ...(wide ? wider : [])].map((service, index) => {
    const {name, namespace, versions, headless, ports = [{port: 9080, name: 'http'}]} = service;
    return {
      name,
      namespace,
      host: `${name}.${namespace}.svc.cluster.local`,
      clusterIP: headless ? 'None' : addressIn.service(index + 1),
      ports: name === 'reviews' && reviewsPort ? [reviewsPort] : ports,
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
