import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {describeWait, stuckReason} from '../engines/kube/pods.ts';
import {type Remedy, WorkshopError} from '../errors.ts';
import {isStaying} from './workload.ts';

/** What keeps the page from being entered; each has a remedy of its own. */
export type MissingPage = 'absent' | 'scaled-to-zero' | 'not-ready' | 'crash-looping' | 'not-pullable';

const codes: Readonly<Record<MissingPage, string>> = {
  absent: 'no-productpage',
  'scaled-to-zero': 'productpage-scaled-to-zero',
  'not-ready': 'productpage-not-ready',
  'crash-looping': 'productpage-crashes',
  'not-pullable': 'productpage-not-pullable',
};

/** Whether waiting could mend it: pods are there and nothing keeps them from coming up. */
export function isComingUp(error: WorkshopError): boolean {
  return error.code === codes['not-ready'];
}

/** Why no pod of productpage can be entered, and what to do about that. */
export async function explainMissingPage(kube: Kube, namespace: string): Promise<WorkshopError> {
  const labels = 'app=productpage';
  const [pods, deployments, services] = await Promise.all([
    kube.list('pods', {namespace, labels}),
    kube.list('deployments.apps', {namespace, labels}),
    kube.list('services', {namespace, labels}),
  ]);
  const pod = pods.find(isStaying);
  const missing = services.length === 0 ? 'absent' : missingOf(pod, deployments);
  const because = (message: string, ...remedies: Remedy[]) =>
    new WorkshopError({code: codes[missing], message, remedies});
  const name = pod?.metadata.name ?? '';
  const wait = pod ? await describeWait(kube, pod) : '';
  switch (missing) {
    case 'absent':
      return because(
        `There is no ${deployments.length > 0 ? 'Service' : 'Deployment'} of productpage in the namespace ${namespace}.`,
        {say: 'Deploy Bookinfo', command: 'run 03'},
      );
    case 'scaled-to-zero': {
      const deployment = deployments[0]?.metadata.name;
      return because(
        `The Deployment ${deployment} is scaled to 0, so no productpage runs.`,
        `Start it: kubectl scale deployment ${deployment} -n ${namespace} --replicas=1`,
      );
    }
    case 'not-ready':
      return because(
        `No productpage is ready yet${wait ? `: ${wait}` : ''}.`,
        `Wait for it: kubectl rollout status deployment -n ${namespace} -l ${labels}`,
      );
    case 'crash-looping':
      return because(
        `productpage ends again and again: ${wait}.`,
        `Read its last words: kubectl logs ${name} -n ${namespace} --previous`,
        `See how it ended: kubectl describe pod ${name} -n ${namespace}`,
      );
    case 'not-pullable':
      return because(
        `productpage can't start without its image: ${wait}.`,
        `See what the registry said: kubectl describe pod ${name} -n ${namespace}`,
        {
          say: 'Without a registry, give the images with --images; this names them',
          command: 'doctor --engine kind',
        },
      );
  }
}

function missingOf(pod: KubeItem | undefined, deployments: readonly KubeItem[]): MissingPage {
  if (!pod) {
    if (deployments.length === 0) return 'absent';
    return deployments.every(deployment => deployment['spec']?.replicas === 0)
      ? 'scaled-to-zero'
      : 'not-ready';
  }
  const stuck = stuckReason(pod);
  if (stuck === 'CrashLoopBackOff') return 'crash-looping';
  return stuck === undefined ? 'not-ready' : 'not-pullable';
}
