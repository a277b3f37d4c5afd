import type {ApiClient} from '../../api/client.ts';
import type {KubeObject} from '../../objects.ts';
import {controllerReference} from '../ownership.ts';
import {sameTemplate, templateHash} from '../template-hash.ts';
import {copiedAnnotations, revisionAnnotation, revisionOf} from './revisions.ts';
import {limitsOf} from './strategy.ts';

export const replicaSets = 'replicasets.apps';
const hashLabel = 'pod-template-hash';

export const replicasOf = (object: KubeObject): number => object['spec'].replicas ?? 1;

/** The oldest of the Deployment's ReplicaSets that has its present template, as Kubernetes chooses. */
export function findNew(deployment: KubeObject, sets: readonly KubeObject[]): KubeObject | undefined {
  return [...sets]
    .sort((left, right) => age(left) - age(right) || revisionOf(left) - revisionOf(right))
    .find(set => sameTemplate(set['spec'].template, deployment['spec'].template));
}

const age = (object: KubeObject) => Date.parse(object.metadata.creationTimestamp ?? '') || 0;

/** A ReplicaSet for the present template, or undefined when its name is taken by another template. */
export function createReplicaSet(
  client: ApiClient,
  deployment: KubeObject,
  options: {replicas: number; revision: number},
): KubeObject | undefined {
  const {namespace, name} = deployment.metadata;
  const {template, selector, minReadySeconds} = deployment['spec'];
  const hash = templateHash(template, deployment['status']?.collisionCount ?? 0);
  const setName = `${name}-${hash}`;
  if (client.get(replicaSets, setName, namespace)) return undefined;
  const labels = {...template.metadata?.labels, [hashLabel]: hash};
  return client.create(replicaSets, {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: setName,
      ...(namespace === undefined ? {} : {namespace}),
      labels,
      annotations: {
        ...copiedAnnotations(deployment),
        ...sizeAnnotations(deployment),
        [revisionAnnotation]: String(options.revision),
      },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: options.replicas,
      ...(minReadySeconds ? {minReadySeconds} : {}),
      selector: {...selector, matchLabels: {...selector.matchLabels, [hashLabel]: hash}},
      template: {...template, metadata: {...template.metadata, labels}},
    },
  });
}

/** What a later proportional scaling goes by: the size the Deployment had when this ReplicaSet was last sized. */
export function sizeAnnotations(deployment: KubeObject): Record<string, string> {
  const replicas = replicasOf(deployment);
  return {
    'deployment.kubernetes.io/desired-replicas': String(replicas),
    'deployment.kubernetes.io/max-replicas': String(replicas + limitsOf(deployment).surge),
  };
}
