import {nearest} from '../../nearest.ts';
import {labelsMatch} from '../snapshot.ts';
import type {DestinationRule, VirtualService} from '../types.ts';
import type {Candidate} from './cause.ts';
import {change, objectName, showCommand} from './cause.ts';
import {type Scene, versionsOf} from './hop.ts';
import {ruleTaken, subsetFor, subsetOwner, subsetsOf} from './lookup.ts';
import {withAdded, withChanged, without} from './mend.ts';
import type {Outcome} from './predict.ts';
import type {Detector, WrongRequest} from './wrong.ts';

/** Subsets that nobody named, that select no pod, or that select pods of another version. */
export const subsetDetector: Detector = (scene, wrong) =>
  wrong.flatMap(request =>
    request.prediction.outcomes
      .filter(({destination}) => destination.subset && destination.host === scene.service?.hostname)
      .flatMap(outcome => ofOutcome(scene, request, outcome)),
  );

function ofOutcome(scene: Scene, request: WrongRequest, outcome: Outcome): readonly Candidate[] {
  if (outcome.failure === 'unknown-cluster') {
    const {rule} = request.prediction.routes.clusters.destinationRule(outcome.destination.host);
    return rule ? notNamed(scene, request, outcome) : noRule(scene, request, outcome);
  }
  return otherLabels(scene, request, outcome);
}

function noRule(scene: Scene, {prediction}: WrongRequest, {destination}: Outcome): readonly Candidate[] {
  const {service, snapshot, port} = scene;
  if (!service) return [];
  const object = `DestinationRule ${service.namespace}/${service.name}`;
  const sentence = `The route leads to the subset "${destination.subset}" of ${service.name}, and no DestinationRule says what that is.`;
  const look = 'The proxy answers 503 for a subset that it does not know.';
  const subsets = versionsOf(port).map(version => ({name: version, labels: {version}}));
  const missing: Candidate = {
    code: 'destination-rule-missing',
    sentence,
    look,
    object,
    fix: `spec.subsets: add {name: ${destination.subset}, labels: {version: ...}} for the host ${service.name}`,
    command: `kubectl get destinationrules -n ${service.namespace}`,
    mended: withAdded(snapshot, {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: {name: `${service.name}-added`, namespace: service.namespace},
      spec: {host: service.hostname, subsets},
    }),
  };
  const elsewhere = prediction.routes.clusters
    .destinationRule(service.hostname)
    .considered.filter(({outcome}) => outcome === 'other-namespace');
  return [
    missing,
    ...elsewhere.map(
      ({ref}): Candidate => ({
        code: 'wrong-namespace',
        sentence: `${objectName(ref)} is looked for in the caller's and the service's namespace only, and is in neither.`,
        look: 'The column NAMESPACE says where the DestinationRules are.',
        object: objectName(ref),
        fix: change('metadata.namespace', ref.namespace, service.namespace),
        command: 'kubectl get destinationrules -A',
        mended: withChanged(without(snapshot, {...ref, namespace: service.namespace}), ref, copy => {
          copy.metadata.namespace = service.namespace;
        }),
      }),
    ),
  ];
}

function notNamed(
  scene: Scene,
  {asked, prediction, wanted}: WrongRequest,
  {destination}: Outcome,
): readonly Candidate[] {
  const {service, snapshot, port} = scene;
  const {subset = ''} = destination;
  const names = subsetsOf(scene, prediction).map(({name}) => name);
  const rule = prediction.routes.clusters.destinationRule(destination.host).rule?.rules[0];
  if (!rule || !service) return [];
  const base = {
    code: 'subset-missing' as const,
    sentence: `The route leads to the subset "${subset}", and ${objectName(rule)} knows only ${names.join(', ') || 'none'}.`,
    look: 'The subset in the VirtualService has to be a name in the DestinationRule; the proxy answers 503 otherwise.',
  };
  const candidates: Candidate[] = [];
  const version = versionsOf(port).includes(subset) ? subset : wanted;
  if (version !== undefined) {
    candidates.push({
      ...base,
      object: objectName(rule),
      fix: `spec.subsets: add {name: ${JSON.stringify(subset)}, labels: {version: ${version}}}`,
      command: showCommand(rule),
      mended: withChanged<DestinationRule>(snapshot, rule, copy => {
        copy.spec?.subsets?.push({name: subset, labels: {version}});
      }),
    });
  }
  const taken = ruleTaken(scene, prediction);
  const better =
    (wanted && subsetFor(scene, prediction, wanted)) ??
    stillWanted(scene, {asked, prediction}) ??
    nearest(subset, names);
  const position = taken?.rule.route?.findIndex(entry => entry.destination.subset === subset) ?? -1;
  if (taken && better && position >= 0) {
    const {ref, index} = taken;
    candidates.unshift({
      ...base,
      object: objectName(ref),
      fix: change(`spec.http[${index}].route[${position}].destination.subset`, subset, better),
      command: showCommand(ref),
      mended: withChanged<VirtualService>(snapshot, ref, copy => {
        const entry = copy.spec?.http?.[index]?.route?.[position];
        if (entry) entry.destination.subset = better;
      }),
    });
  }
  return candidates;
}

/** Of several wanted versions the subset of the only one that no destination leads to yet. */
function stillWanted(
  scene: Scene,
  {asked, prediction}: Pick<WrongRequest, 'asked' | 'prediction'>,
): string | undefined {
  const led = prediction.outcomes.map(({destination}) => destination.subset);
  const open = Object.keys(asked.expected)
    .map(version => subsetFor(scene, prediction, version))
    .filter(subset => !led.includes(subset));
  return open.length === 1 ? open[0] : undefined;
}

function otherLabels(
  scene: Scene,
  {prediction, wanted}: WrongRequest,
  {destination, failure}: Outcome,
): readonly Candidate[] {
  const {snapshot, port, service, input} = scene;
  const name = destination.subset ?? '';
  const owner = subsetOwner(scene, prediction, name);
  if (!owner || !service) return [];
  const {ref, index, subset} = owner;
  const versions = versionsOf(port);
  const version = versions.includes(name) ? name : (wanted ?? nearest(name, versions));
  if (version === undefined || subset.labels?.['version'] === version) return [];
  // Pods with just these labels that do not serve yet are a matter of their own.
  const starting = (input.pods ?? []).some(
    ({metadata}) =>
      metadata.namespace === service.namespace &&
      labelsMatch({...service.selector, ...subset.labels}, metadata.labels),
  );
  if (failure === 'no-endpoints' && starting) return [];
  const written = subset.labels?.['version'];
  const fix =
    written === undefined
      ? `spec.subsets[${index}].labels: ${JSON.stringify(subset.labels ?? {})} -> {"version":"${version}"}`
      : change(`spec.subsets[${index}].labels.version`, written, version);
  return [
    {
      code:
        failure === 'no-endpoints'
          ? 'subset-selects-no-pod'
          : Object.keys(subset.labels ?? {}).length === 0
            ? 'subset-without-labels'
            : 'subset-selects-other-pods',
      sentence:
        failure === 'no-endpoints'
          ? `The subset "${name}" asks for labels that no pod of ${service.name} carries.`
          : Object.keys(subset.labels ?? {}).length === 0
            ? `The subset "${name}" has no labels, so it means all pods: a name by itself means nothing.`
            : `The subset "${name}" selects other pods than those of ${version}.`,
      look: 'The labels of the subset have to be those of the pods; the column VERSION shows the latter.',
      object: objectName(ref),
      fix,
      command: `kubectl get pods -n ${service.namespace} -l app=${service.selector?.['app'] ?? service.name} -L version`,
      mended: withChanged<DestinationRule>(snapshot, ref, copy => {
        const changed = copy.spec?.subsets?.[index];
        if (changed) changed.labels = {version};
      }),
    },
  ];
}
