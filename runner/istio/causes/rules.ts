import {covers} from '../hosts.ts';
import {refOf, type VirtualService} from '../types.ts';
import {gatewaysOf, hostsOf} from '../virtual-services.ts';
import type {Candidate} from './cause.ts';
import {objectName, showCommand} from './cause.ts';
import {type Scene, versionsOf} from './hop.ts';
import {ruleTaken, subsetFor, virtualServicesFor, winnerOf} from './lookup.ts';
import {withChanged, without} from './mend.ts';
import type {Detector, WrongRequest} from './wrong.ts';

/** Which rule a request takes: of the older VirtualService, the first that matches, or none at all. */
export const ruleDetector: Detector = (scene, wrong) => [
  ...olderWins(scene, wrong),
  ...wrong.flatMap(request => earlierMatches(scene, request)),
  ...wrong.flatMap(request => noneMatches(scene, request)),
];

/** For one host a sidecar uses one VirtualService, the oldest, and merges nothing. */
function olderWins(scene: Scene, wrong: readonly WrongRequest[]): readonly Candidate[] {
  const {snapshot, service} = scene;
  const first = wrong[0];
  const winner = first && winnerOf(scene, first.prediction);
  if (scene.proxy.kind === 'gateway' || !winner || !service) return [];
  const rivals = virtualServicesFor(scene).filter(
    other =>
      gatewaysOf(other).includes('mesh') && hostsOf(other).some(host => covers(host, service.hostname)),
  );
  const used = refOf(winner);
  return rivals
    .filter(other => other !== winner)
    .flatMap((other): readonly Candidate[] => {
      const unused = refOf(other);
      const older = rivals.filter(rival => rival !== other);
      const base = {
        code: 'older-virtual-service-wins' as const,
        sentence: `${objectName(unused)} is not used: ${objectName(used)} is older and is for the same host.`,
        look: 'Only one VirtualService holds for a host, the oldest; AGE shows which one that is.',
        object: objectName(used),
        command: `kubectl get virtualservices -n ${used.namespace}`,
      };
      const alone = older.reduce((mended, rival) => without(mended, refOf(rival)), snapshot);
      const rules = other.spec?.http ?? [];
      // Rules for some stand before rules for all, so that both have their say.
      const both = withChanged<VirtualService>(without(snapshot, unused), used, copy => {
        if (copy.spec) copy.spec.http = [...rules, ...(copy.spec.http ?? [])];
      });
      return [
        {
          ...base,
          fix: `spec.http: put the rules of ${objectName(unused)} first, and delete that one`,
          mended: both,
        },
        {
          ...base,
          fix: `spec.hosts: both name ${service.name} -> put all rules into one of the two, and delete the other`,
          mended: alone,
        },
      ];
    });
}

function earlierMatches(scene: Scene, {asked, prediction}: WrongRequest): readonly Candidate[] {
  const taken = ruleTaken(scene, prediction);
  if (!taken) return [];
  const {owner, ref, index} = taken;
  const later = [...(owner.spec?.http ?? []).keys()].filter(position => position > index);
  return later.map(position => ({
    code: 'rule-order' as const,
    ...(taken.rule.match?.length ? {} : {analysis: 'IST0130'}),
    sentence: `Rule ${index + 1} takes the request of ${asked.who} before rule ${position + 1} is looked at.`,
    look: 'Rules are read from the top, and the first that matches wins; one without a match takes everything.',
    object: objectName(ref),
    fix: `spec.http[${position}] -> move it above spec.http[${index}]`,
    command: showCommand(ref),
    mended: withChanged<VirtualService>(scene.snapshot, ref, copy => {
      const rules = copy.spec?.http ?? [];
      rules.splice(index, 0, ...rules.splice(position, 1));
    }),
  }));
}

function noneMatches(scene: Scene, {asked, prediction, wanted}: WrongRequest): readonly Candidate[] {
  const {service, snapshot, port} = scene;
  const owner = winnerOf(scene, prediction);
  if (prediction.route || !owner || !service) return [];
  const ref = refOf(owner);
  const version = wanted ?? versionsOf(port)[0] ?? '';
  const subset = subsetFor(scene, prediction, version);
  const index = owner.spec?.http?.length ?? 0;
  return [
    {
      code: 'no-rule-matches',
      sentence: `No rule takes the request of ${asked.who}, so the proxy answers 404.`,
      look: 'Once a VirtualService is for a host, what none of its rules matches goes nowhere.',
      object: objectName(ref),
      fix: `spec.http[${index}]: add a last rule without a match${subset ? `, to the subset "${subset}"` : ''}`,
      command: showCommand(ref),
      mended: withChanged<VirtualService>(snapshot, ref, copy => {
        copy.spec?.http?.push({
          route: [{destination: {host: service.hostname, ...(subset ? {subset} : {})}}],
        });
      }),
    },
  ];
}
