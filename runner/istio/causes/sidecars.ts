import type {MeshSnapshot, Workload} from '../snapshot.ts';
import type {IstioObject} from '../types.ts';
import {type Cause, change} from './cause.ts';
import {withSidecars} from './mend.ts';
import {hasSidecar} from './predict.ts';
import type {Detector} from './wrong.ts';

/** A caller without a sidecar follows no route, so nothing else is worth looking at before. */
export const sidecarDetector: Detector = (scene, wrong) => {
  const bare = scene.callers.find(caller => !caller.mutualTls);
  if (scene.proxy.kind === 'gateway' || !bare || hasSidecar(scene)) return [];
  const cause = sidecarCause(scene.snapshot, bare, scene.input.deployments);
  // All versions may come without a sidecar too: then only the trial tells whether it is to blame.
  const routed = wrong.some(({asked}) => !asked.anyShare && Object.keys(asked.expected).length > 0);
  return [routed ? cause : {...cause, mended: withSidecars(scene.snapshot, scene.hop.caller)}];
};

/** Why pods of a namespace that should have a sidecar have none; one cause for each workload, worst first. */
export function explainSidecars(options: {
  snapshot: MeshSnapshot;
  namespace: string;
  /** Names of Deployments and the like; all of the namespace when absent. */
  workloads?: readonly string[];
  /** Deployments as the API returns them; absent where they may not be read. */
  deployments?: readonly IstioObject[];
}): readonly Cause[] {
  const {snapshot, namespace, workloads, deployments} = options;
  const bare = snapshot.workloads.filter(
    workload =>
      workload.namespace === namespace &&
      !workload.mutualTls &&
      (workloads === undefined || workloads.includes(workload.workload)),
  );
  const causes = bare.map(workload => sidecarCause(snapshot, workload, deployments));
  return causes.filter(
    (cause, index) =>
      causes.findIndex(other => other.code === cause.code && other.object === cause.object) === index,
  );
}

/** Why a pod has no sidecar. */
export function sidecarCause(
  snapshot: MeshSnapshot,
  pod: Workload,
  deployments: readonly IstioObject[] = [],
): Cause {
  const {namespace, workload} = pod;
  const labels = snapshot.namespaces.find(({name}) => name === namespace)?.labels ?? {};
  const restart = `kubectl rollout restart deployment -n ${namespace}`;
  if (pod.labels['sidecar.istio.io/inject'] === 'false') {
    return {
      code: 'caller-without-sidecar',
      sentence: `The pods of ${workload} are exempt from injection, so they have no sidecar and follow no route.`,
      look: 'READY shows 1/1 for these pods, and their labels say sidecar.istio.io/inject=false.',
      object: `Deployment ${namespace}/${workload}`,
      fix: 'spec.template.metadata.labels["sidecar.istio.io/inject"]: "false" -> take the label away',
      command: `kubectl get pods -n ${namespace} --show-labels`,
    };
  }
  const revision = labels['istio.io/rev'];
  if (revision !== undefined && labels['istio-injection'] !== undefined) {
    return {
      code: 'injection-labels-conflict',
      sentence: `The namespace ${namespace} has both labels for injection, and istio-injection=${labels['istio-injection']} is the one that counts.`,
      look: 'One of istio-injection and istio.io/rev says who injects; with both, the revision is not looked at.',
      object: `Namespace ${namespace}`,
      fix: `metadata.labels.istio-injection: "${labels['istio-injection']}" -> "enabled", and take istio.io/rev away; then restart its pods`,
      command: `kubectl label namespace ${namespace} istio.io/rev- istio-injection=enabled --overwrite && ${restart}`,
    };
  }
  const served = snapshot.workloads
    .filter(({labels: own}) => own['app'] === 'istiod')
    .flatMap(({labels: own}) => own['istio.io/rev'] ?? []);
  if (revision !== undefined && served.length > 0 && !served.includes(revision)) {
    return {
      code: 'revision-unknown',
      sentence: `The namespace ${namespace} asks for the revision "${revision}", which no istiod serves: there is ${served.join(', ')}.`,
      look: 'No webhook is for that revision, so the pods are made as they are, and restarting changes nothing.',
      object: `Namespace ${namespace}`,
      fix: `${change('metadata.labels["istio.io/rev"]', revision, served[0])}, then restart its pods`,
      command: `kubectl label namespace ${namespace} istio.io/rev=${served[0]} --overwrite && ${restart}`,
    };
  }
  const maker = deployments.find(
    ({metadata}) => metadata.namespace === namespace && metadata.name === workload,
  );
  const asked = {...maker?.metadata.labels, ...maker?.metadata.annotations}['sidecar.istio.io/inject'];
  const byNamespace = labels['istio-injection'] === 'enabled' || revision !== undefined;
  if (asked === 'true' && !byNamespace && pod.labels['sidecar.istio.io/inject'] === undefined) {
    return {
      code: 'label-not-on-pods',
      sentence: `sidecar.istio.io/inject stands on the Deployment ${workload}, and injection looks at the labels of its pods.`,
      look: 'Labels of a Deployment are not those of its pods: theirs are in spec.template.',
      object: `Deployment ${namespace}/${workload}`,
      fix: 'metadata.labels["sidecar.istio.io/inject"] -> spec.template.metadata.labels["sidecar.istio.io/inject"]',
      command: `kubectl get deployment ${workload} -n ${namespace} -o yaml`,
    };
  }
  if (labels['istio-injection'] !== 'enabled' && revision === undefined) {
    const now = labels['istio-injection'];
    return {
      code: 'namespace-not-labelled',
      sentence: `The namespace ${namespace} is not labelled for injection, so its pods have no sidecar.`,
      look: 'The namespace has no label istio-injection=enabled; READY shows 1/1 for its pods.',
      object: `Namespace ${namespace}`,
      fix: `metadata.labels.istio-injection: ${now === undefined ? 'absent' : JSON.stringify(now)} -> "enabled", then restart its pods`,
      command: `kubectl label namespace ${namespace} istio-injection=enabled --overwrite && ${restart}`,
    };
  }
  return {
    code: 'pods-older-than-label',
    sentence: `The pod ${pod.name} was created before the namespace ${namespace} was labelled, so it has no sidecar.`,
    look: 'The namespace has the label, and READY still shows 1/1 for the pod.',
    object: `Pod ${namespace}/${pod.name}`,
    fix: 'create the pod again',
    command: restart,
  };
}
