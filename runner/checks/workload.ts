import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {isReady, labelSelectorText, podsOfService} from '../engines/kube/pods.ts';
import {workloadName} from '../istio/build-snapshot.ts';

/** The object that a lab names as `deploy/reviews-v1`; a name alone is a Deployment's. */
export async function findWorkload(
  kube: Kube,
  workload: string,
  namespace: string,
): Promise<KubeItem | undefined> {
  const [resource = '', name = ''] = workload.includes('/') ? workload.split('/') : ['deployments', workload];
  return kube.get(resource, name, namespace);
}

/** An evicted pod stays as a record; its workload has another in its place. */
export function isStaying({metadata, status}: KubeItem): boolean {
  return !metadata.deletionTimestamp && status?.phase !== 'Failed' && status?.phase !== 'Succeeded';
}

/** The pods of a workload that are meant to run, not on their way out; of a Service, those that it selects. */
export async function podsOf(kube: Kube, workload: KubeItem): Promise<readonly KubeItem[]> {
  const {kind, metadata} = workload;
  const namespace = metadata.namespace ?? 'default';
  if (kind === 'Pod') return [workload].filter(isStaying);
  if (kind === 'Service') return (await podsOfService(kube, metadata.name, namespace)).filter(isStaying);
  const labels = labelSelectorText(workload['spec']?.selector);
  // An empty selector of a list selects everything.
  if (labels === '') return [];
  const pods = await kube.list('pods', {namespace, labels});
  // Pods of others may carry the same labels.
  return pods.filter(pod => isStaying(pod) && workloadName(pod) === metadata.name);
}

/** The ready pods of a workload named as `deploy/reviews-v1`. */
export async function readyPodsOf(
  kube: Kube,
  workload: string,
  namespace: string,
): Promise<readonly KubeItem[]> {
  const object = await findWorkload(kube, workload, namespace);
  return object ? (await podsOf(kube, object)).filter(isReady) : [];
}
