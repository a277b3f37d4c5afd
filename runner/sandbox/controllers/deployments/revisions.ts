import type {ApiClient} from '../../api/client.ts';
import type {KubeObject} from '../../objects.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  historyAnnotation,
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]);

export function revisionOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[revisionAnnotation] ?? 0);
}

/** The Deployment's annotations that its ReplicaSets carry too, among them `kubernetes.io/change-cause`. */
export function copiedAnnotations(deployment: KubeObject): Record<string, string> {
  const all = Object.entries(deployment.metadata.annotations ?? {});
  return Object.fromEntries(all.filter(([key]) => !notCopied.has(key)));
}

/**
 * Makes the ReplicaSet the newest revision; the number it had goes to its history, which is how `kubectl rollout
 * undo` finds it again. @returns the ReplicaSet as it is then.
 */
export function promote(
  client: ApiClient,
  deployment: KubeObject,
  set: KubeObject,
  revision: number,
  sizes: Record<string, string>,
): KubeObject {
  const annotations: Record<string, string> = {
    ...set.metadata.annotations,
    ...copiedAnnotations(deployment),
    ...sizes,
  };
  const before = revisionOf(set);
  if (before < revision) {
    annotations[revisionAnnotation] = String(revision);
    if (before > 0) {
      const history = annotations[historyAnnotation];
      annotations[historyAnnotation] = history ? `${history},${before}` : String(before);
    }
  }
  const {name, namespace} = set.metadata;
  const minReadySeconds = deployment['spec'].minReadySeconds ?? null;
  return client.patch(
    'replicasets.apps',
    name,
    {metadata: {annotations}, spec: {minReadySeconds}},
    namespace === undefined ? {} : {namespace},
  );
}
