import {workloadName, workloadOf} from '../build-snapshot.ts';
import {labelsMatch} from '../snapshot.ts';
import type {IstioObject} from '../types.ts';
import type {Candidate, Cause} from './cause.ts';
import {change} from './cause.ts';
import {type ExplainInput, type Scene, sceneOf, versionsOf} from './hop.ts';
import {ruleTaken} from './lookup.ts';
import {predict} from './predict.ts';
import {remedyFor, remedyForNone, type Underneath} from './underneath.ts';
import type {Detector} from './wrong.ts';

/** Pods that are wanted and do not serve: those of the caller, and those of a wanted version. */
export const podsDetector: Detector = (scene, wrong) => {
  if (scene.callers.length === 0) return [callerMissing(scene)];
  const serving = versionsOf(scene.port);
  const missing = new Set(
    wrong.flatMap(({asked}) => Object.keys(asked.expected)).filter(version => !serving.includes(version)),
  );
  const causes = [...missing].sort().flatMap(version => versionMissing(scene, version));
  return scene.service ? [...causes, ...portCause(scene)] : [];
};

function callerMissing({hop, input, snapshot}: Scene): Candidate {
  const {namespace, labels} = hop.caller;
  const selector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const elsewhere = snapshot.workloads.find(workload => labelsMatch(labels, workload.labels));
  if (elsewhere) {
    return {
      code: 'wrong-namespace',
      sentence: `${elsewhere.workload} runs in the namespace ${elsewhere.namespace}, not in ${namespace}.`,
      look: 'The column NAMESPACE says where the pods are.',
      object: `Deployment ${elsewhere.namespace}/${elsewhere.workload}`,
      fix: change('metadata.namespace', elsewhere.namespace, namespace),
      command: `kubectl get pods -A -l ${selector}`,
    };
  }
  const pod = podsOf(input, namespace, labels)[0];
  return notReady(
    {namespace, workload: makerOf(input, namespace, labels)},
    pod,
    `No pod with ${selector} runs in the namespace ${namespace}`,
    underneathOf(input),
  );
}

/** Not where it runs and the Service does not select it: nothing is the matter with the pods then. */
function versionMissing({service, input, snapshot}: Scene, version: string): readonly Candidate[] {
  const namespace = service?.namespace ?? '';
  const labels = {...service?.selector, version};
  const meant = {app: service?.name ?? '', version};
  const isUnselected = snapshot.workloads.some(
    workload =>
      workload.ready &&
      workload.namespace === namespace &&
      labelsMatch(meant, workload.labels) &&
      !labelsMatch(labels, workload.labels),
  );
  if (isUnselected) return [];
  const pod = podsOf(input, namespace, labels)[0];
  return [
    notReady(
      {namespace, workload: makerOf(input, namespace, labels)},
      pod,
      `No pod of ${service?.name} ${version} is ready`,
      underneathOf(input),
    ),
  ];
}

function notReady(
  {namespace, workload}: {namespace: string; workload?: string | undefined},
  pod: IstioObject | undefined,
  sentence: string,
  underneath: Underneath,
): Candidate {
  if (pod) {
    return {
      sentence: `${sentence}: ${pod.metadata.name} is ${reasonOf(pod)}.`,
      object: `Pod ${namespace}/${pod.metadata.name}`,
      ...remedyFor(pod, underneath),
    };
  }
  return {
    sentence: `${sentence}: there is no pod at all.`,
    ...remedyForNone({namespace, workload}, underneath),
  };
}

/** The Deployment that makes pods with these labels. */
function makerOf({deployments = []}: ExplainInput, namespace: string, labels: Record<string, string>) {
  const maker = deployments.find(
    ({metadata, spec}) =>
      metadata.namespace === namespace && labelsMatch(labels, spec?.template?.metadata?.labels),
  );
  return maker?.metadata.name;
}

function underneathOf({pods = [], deployments}: ExplainInput): Underneath {
  return {pods, ...(deployments ? {deployments} : {})};
}

function podsOf(
  {pods = []}: ExplainInput,
  namespace: string,
  labels: Record<string, string>,
): readonly IstioObject[] {
  return pods.filter(
    ({metadata}) => metadata.namespace === namespace && labelsMatch(labels, metadata.labels),
  );
}

function reasonOf(pod: IstioObject): string {
  const statuses: {state?: {waiting?: {reason?: string}}}[] = [
    ...(pod['status']?.initContainerStatuses ?? []),
    ...(pod['status']?.containerStatuses ?? []),
  ];
  const waiting = statuses.find(({state}) => state?.waiting?.reason)?.state?.waiting?.reason;
  return waiting ?? pod['status']?.phase ?? 'Pending';
}

/**
 * Why workloads that should run do not: their pods, waiting for something, or none at all.
 * @param workloads names of Deployments and the like
 */
export function explainNotReady(options: {
  pods: readonly IstioObject[];
  namespace: string;
  workloads: readonly string[];
  deployments?: readonly IstioObject[];
}): readonly Cause[] {
  const {pods, namespace, workloads, deployments} = options;
  const underneath = {pods, ...(deployments ? {deployments} : {})};
  return workloads.flatMap((workload): readonly Cause[] => {
    const own = pods.filter(pod => pod.metadata.namespace === namespace && workloadName(pod) === workload);
    const waiting = own.find(pod => workloadOf(pod)[0]?.ready !== true);
    if (own.length > 0 && !waiting) return [];
    return [notReady({namespace, workload}, waiting, `${workload} is not ready`, underneath)];
  });
}

/** A port whose name says that it is not HTTP makes Istio ignore every HTTP rule. */
function portCause({service, port, snapshot}: Scene): readonly Candidate[] {
  if (!service || !port || port.protocol === 'http' || port.protocol === 'auto') return [];
  const index = service.ports.indexOf(port);
  const services = snapshot.services.map(other =>
    other === service
      ? {
          ...other,
          ports: other.ports.map(each => (each === port ? {...each, protocol: 'http' as const} : each)),
        }
      : other,
  );
  return [
    {
      code: 'port-not-http',
      sentence: `The port of ${service.name} is named "${port.name}", so Istio takes it for ${port.protocol} and ignores HTTP rules.`,
      look: 'Istio reads the protocol from what stands before the dash in the name of the port.',
      object: `Service ${service.namespace}/${service.name}`,
      fix: change(`spec.ports[${index}].name`, port.name, 'http'),
      command: `kubectl get service ${service.name} -n ${service.namespace} -o yaml`,
      mended: {...snapshot, services},
    },
  ];
}

/** Without istiod no change reaches a proxy, however right it is. */
export function istiodCauses(input: ExplainInput): readonly Cause[] {
  const {snapshot, pods = []} = input;
  const {rootNamespace: namespace} = snapshot.meshConfig;
  const istiod = snapshot.workloads.filter(({labels}) => labels['app'] === 'istiod');
  if (istiod.some(({ready}) => ready)) return [];
  const pod = pods.find(({metadata}) => metadata.labels?.['app'] === 'istiod');
  const underneath = underneathOf(input);
  const remedy = pod
    ? remedyFor(pod, underneath)
    : remedyForNone({namespace, workload: 'istiod'}, underneath);
  return [
    {
      ...remedy,
      code: 'istiod-not-ready',
      sentence: 'istiod is not ready, so no change reaches the proxies and no pod gets a sidecar.',
      object: `Deployment ${namespace}/istiod`,
    },
  ];
}

/** Files of the page that no rule at the edge leads to: the stars lose their colours. */
export function staticCauses(input: ExplainInput): readonly Cause[] {
  for (const hop of input.hops.filter(({as}) => as === 'gateway')) {
    const scene = sceneOf(input, hop, input.snapshot);
    for (const path of input.failedStatic ?? []) {
      const asked = {who: 'anonymous', headers: {}, path, expected: {}};
      if (predict(scene, asked).failed < 1) continue;
      const page = hop.requests[0];
      const taken = page && ruleTaken(scene, predict(scene, page));
      if (!taken) continue;
      const folder = `/${path.split('/')[1] ?? ''}`;
      return [
        {
          code: 'static-files-not-routed',
          sentence: `No rule leads to ${path}, so the page comes without its style sheet.`,
          look: 'The page is there and looks bare: its stars have neither size nor colour.',
          object: `VirtualService ${taken.ref.namespace}/${taken.ref.name}`,
          fix: `spec.http[${taken.index}].match: add {uri: {prefix: ${folder}}}`,
          command: `kubectl get virtualservice ${taken.ref.name} -n ${taken.ref.namespace} -o yaml`,
        },
      ];
    }
  }
  return [];
}
