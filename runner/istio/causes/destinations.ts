import {resolveHost} from '../hosts.ts';
import type {HttpDestination, VirtualService} from '../types.ts';
import {gatewaysOf, hostsOf} from '../virtual-services.ts';
import type {Candidate} from './cause.ts';
import {change, objectName, showCommand} from './cause.ts';
import type {Scene} from './hop.ts';
import {ruleTaken, subsetFor, virtualServicesFor} from './lookup.ts';
import {withChanged} from './mend.ts';
import type {Detector, WrongRequest} from './wrong.ts';

/** A rule that matches and leads to another version than is wanted, or to the right ones in other shares. */
export const destinationDetector: Detector = (scene, wrong) =>
  wrong.flatMap(request => [
    ...otherDestination(scene, request),
    ...otherWeights(scene, request),
    ...noRoute(scene, request),
  ]);

function otherDestination(scene: Scene, {asked, prediction, wanted}: WrongRequest): readonly Candidate[] {
  const taken = ruleTaken(scene, prediction);
  const entry = taken?.rule.route?.length === 1 ? taken.rule.route[0] : undefined;
  const {service, snapshot} = scene;
  if (!taken || !entry || !service) return [];
  const {ref, index} = taken;
  const path = `spec.http[${index}].route[0].destination`;
  const base = {
    code: 'wrong-destination' as const,
    look: 'The destination of the first rule that matches says who answers.',
    object: objectName(ref),
    command: showCommand(ref),
  };
  const host = resolveHost(entry.destination.host, ref.namespace);
  if (host !== service.hostname && snapshot.services.some(({hostname}) => hostname === host)) {
    return [
      {
        ...base,
        sentence: `The rule that ${asked.who} takes leads to the service ${entry.destination.host}.`,
        fix: change(`${path}.host`, entry.destination.host, service.name),
        mended: withDestinations(scene, taken, [
          {destination: {...entry.destination, host: service.hostname}},
        ]),
      },
    ];
  }
  const subset = wanted === undefined ? undefined : subsetFor(scene, prediction, wanted);
  if (subset === undefined || subset === entry.destination.subset) return [];
  const {subset: now} = entry.destination;
  return [
    {
      ...base,
      sentence: `The rule that ${asked.who} takes leads to ${now ? `the subset "${now}"` : 'all versions'}, and ${wanted} is wanted.`,
      fix: now ? change(`${path}.subset`, now, subset) : `${path}.subset: add "${subset}"`,
      mended: withDestinations(scene, taken, [{destination: {...entry.destination, subset}}]),
    },
  ];
}

function otherWeights(scene: Scene, {asked, prediction}: WrongRequest): readonly Candidate[] {
  const taken = ruleTaken(scene, prediction);
  const entries = taken?.rule.route ?? [];
  const shares = Object.entries(asked.expected);
  if (!taken || shares.length === 0 || asked.anyShare || (entries.length < 2 && shares.length < 2)) return [];
  const wanted = shares.map(([version, share]) => ({
    subset: subsetFor(scene, prediction, version),
    weight: Math.round(share * 100),
  }));
  if (wanted.some(({subset}) => subset === undefined)) return [];
  const host = entries[0]?.destination.host ?? scene.hop.host;
  const now = entries.map(
    ({destination, weight}) => `${destination.subset ?? destination.host} ${weight ?? 100}`,
  );
  const then = wanted.map(({subset, weight}) => `${subset} ${weight}`);
  return [
    {
      code: 'weights',
      sentence: `The rule that ${asked.who} takes spreads its requests: ${now.join(', ')}.`,
      look: 'The weights of a rule are shares of its requests.',
      object: objectName(taken.ref),
      fix: `spec.http[${taken.index}].route weights: ${now.join(', ')} -> ${then.join(', ')}`,
      command: showCommand(taken.ref),
      mended: withDestinations(
        scene,
        taken,
        wanted.map(({subset, weight}) => ({destination: {host, ...(subset ? {subset} : {})}, weight})),
      ),
    },
  ];
}

function noRoute(scene: Scene, {asked}: WrongRequest): readonly Candidate[] {
  const {service, proxy} = scene;
  const routed = Object.keys(asked.expected).length > 0 && !asked.anyShare;
  // One for every host of a gateway says nothing of the mesh.
  const meant = virtualServicesFor(scene).filter(
    other => gatewaysOf(other).includes('mesh') || hostsOf(other).some(host => host !== '*'),
  );
  if (!service || proxy.kind === 'gateway' || !routed || meant.length > 0) return [];
  return [
    {
      code: 'virtual-service-missing',
      sentence: `No VirtualService is for ${service.name}, so its requests are spread over all versions.`,
      look: 'The column HOSTS shows what each VirtualService is for.',
      object: `VirtualService ${service.namespace}/${service.name}`,
      fix: `spec.hosts: add one for ${service.name}`,
      command: `kubectl get virtualservices -n ${service.namespace}`,
    },
  ];
}

function withDestinations(
  {snapshot}: Scene,
  {ref, index}: NonNullable<ReturnType<typeof ruleTaken>>,
  route: HttpDestination[],
) {
  return withChanged<VirtualService>(snapshot, ref, copy => {
    const rule = copy.spec?.http?.[index];
    if (rule) rule.route = route;
  });
}
