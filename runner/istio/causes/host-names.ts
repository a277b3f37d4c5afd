import {distance} from '../../nearest.ts';
import {resolveHost} from '../hosts.ts';
import type {MeshService, MeshSnapshot} from '../snapshot.ts';
import {
  type DestinationRule,
  type IstioObject,
  type ObjectRef,
  refOf,
  type VirtualService,
} from '../types.ts';
import type {Candidate} from './cause.ts';
import {change, objectName, showCommand} from './cause.ts';
import type {Scene} from './hop.ts';
import {ruleTaken} from './lookup.ts';
import {withChanged, without} from './mend.ts';
import type {Detector, WrongRequest} from './wrong.ts';

/** Hosts that mean the service and name something else: misspelt, or short names in another namespace. */
export const hostDetector: Detector = (scene, wrong) => [
  ...ofObjects(scene),
  ...wrong.flatMap(request => ofDestinations(scene, request)),
];

function ofObjects(scene: Scene): readonly Candidate[] {
  const {snapshot, service} = scene;
  if (!service) return [];
  return snapshot.config.flatMap(object => {
    const ref = refOf(object);
    if (object.kind === 'VirtualService') {
      const hosts = (object as VirtualService).spec?.hosts ?? [];
      return hosts.flatMap((host, index) =>
        ofHost({snapshot, service, ref, host, path: `spec.hosts[${index}]`}, (copy, mended) => {
          const spec = (copy as VirtualService).spec;
          if (spec?.hosts) spec.hosts[index] = mended;
        }),
      );
    }
    if (object.kind === 'DestinationRule') {
      const host = (object as DestinationRule).spec?.host ?? '';
      return ofHost({snapshot, service, ref, host, path: 'spec.host'}, (copy, mended) => {
        const spec = (copy as DestinationRule).spec;
        if (spec) spec.host = mended;
      });
    }
    return [];
  });
}

interface WrittenHost {
  snapshot: MeshSnapshot;
  service: MeshService;
  ref: ObjectRef;
  host: string;
  path: string;
}

function ofHost(
  {snapshot, service, ref, host, path}: WrittenHost,
  write: (object: IstioObject, host: string) => void,
): readonly Candidate[] {
  if (host.includes('*') || known(snapshot, resolveHost(host, ref.namespace).toLowerCase())) return [];
  if (host === service.name && ref.namespace !== service.namespace) {
    return [moved({snapshot, service, ref, host, path})];
  }
  if (!isMeant(host, service)) return [];
  const right = ref.namespace === service.namespace ? service.name : service.hostname;
  return [
    {
      code: 'host-misspelt',
      sentence: `${objectName(ref)} is for the host "${host}", and there is no such service.`,
      look: host.includes('.')
        ? 'A host is either a short name without a dot or the full name that ends in svc.cluster.local.'
        : 'The host has to be the name of the Service, letter by letter.',
      object: objectName(ref),
      fix: change(path, host, right),
      command: `kubectl get services -n ${service.namespace}`,
      mended: withChanged(snapshot, ref, copy => write(copy, right)),
    },
  ];
}

function moved({snapshot, service, ref, host, path}: WrittenHost): Candidate {
  const target = {...ref, namespace: service.namespace};
  return {
    code: 'wrong-namespace',
    sentence: `${objectName(ref)} is in the namespace ${ref.namespace}, where "${host}" means another host than the service of ${service.namespace}.`,
    look: `A short name belongs to the namespace of the object that holds it: ${path} is ${resolveHost(host, ref.namespace)} here.`,
    object: objectName(ref),
    fix: change('metadata.namespace', ref.namespace, service.namespace),
    command: `kubectl get ${ref.kind.toLowerCase()}s -A`,
    mended: withChanged(without(snapshot, target), ref, copy => {
      copy.metadata.namespace = service.namespace;
    }),
  };
}

function ofDestinations(scene: Scene, {prediction}: WrongRequest): readonly Candidate[] {
  const taken = ruleTaken(scene, prediction);
  const {snapshot, service} = scene;
  if (!taken || !service) return [];
  const {ref, index, rule} = taken;
  return (rule.route ?? []).flatMap(({destination}, position) => {
    const {host} = destination;
    if (known(snapshot, resolveHost(host, ref.namespace))) return [];
    if (!isMeant(host, service) && host !== service.name) return [];
    const right = ref.namespace === service.namespace ? service.name : service.hostname;
    return [
      {
        code: 'host-misspelt' as const,
        analysis: 'IST0101',
        sentence: `${objectName(ref)} sends requests to "${host}", and there is no such service.`,
        look: 'The destination has to be the name of the Service, letter by letter; the proxy answers 503.',
        object: objectName(ref),
        fix: change(`spec.http[${index}].route[${position}].destination.host`, host, right),
        command: showCommand(ref),
        mended: withChanged<VirtualService>(snapshot, ref, copy => {
          const entry = copy.spec?.http?.[index]?.route?.[position];
          if (entry) entry.destination.host = right;
        }),
      },
    ];
  });
}

function known(snapshot: MeshSnapshot, hostname: string): boolean {
  return snapshot.services.some(service => service.hostname === hostname);
}

/** Whether a host that names nothing is close enough to the service to have meant it. */
function isMeant(host: string, service: MeshService): boolean {
  const [name = ''] = host.toLowerCase().split('.');
  return [
    [name, service.name],
    [host.toLowerCase(), service.hostname],
  ].some(
    ([written = '', right = '']) => distance(written, right) <= Math.max(1, Math.floor(right.length / 4)),
  );
}
