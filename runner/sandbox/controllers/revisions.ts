import type {ApiClient} from '../api/client.ts';
import type {KubeObject} from '../objects.ts';
import {controllerReference, ownedBy} from './ownership.ts';
import {templateHash} from './template-hash.ts';

const resource = 'controllerrevisions.apps';
export const revisionLabel = 'controller-revision-hash';

export interface RevisionOptions {
  client: ApiClient;
  owner: KubeObject;
  /** StatefulSets name a pod's revision in full, DaemonSets by its hash alone. */
  limit: number;
}

/**
 * The ControllerRevision of the owner's present template, made if it is new and moved to the front if it is an
 * earlier one: what `kubectl rollout history` and `undo` read. Those beyond the limit are deleted, oldest first.
 */
export function currentRevision({client, owner, limit}: RevisionOptions): {name: string; hash: string} {
  const {name, namespace} = owner.metadata;
  const template = {...owner['spec'].template, $patch: 'replace'};
  const hash = templateHash(template);
  const revisionName = `${name}-${hash}`;
  const all = ownedBy<KubeObject>(client, resource, owner).sort(
    (left, right) => left['revision'] - right['revision'],
  );
  const newest = all.at(-1)?.['revision'] ?? 0;
  const known = all.find(revision => revision.metadata.name === revisionName);
  if (!known) {
    client.create(resource, {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: revisionName,
        ...(namespace === undefined ? {} : {namespace}),
        labels: {...owner['spec'].template.metadata?.labels, [revisionLabel]: hash},
        ownerReferences: [controllerReference(owner)],
      },
      data: {spec: {template}},
      revision: newest + 1,
    });
  } else if (known['revision'] < newest) client.update(resource, {...known, revision: newest + 1});
  const old = all.filter(revision => revision !== known);
  for (const revision of old.slice(0, Math.max(0, old.length - limit))) {
    client.delete(resource, revision.metadata.name, namespace === undefined ? {} : {namespace});
  }
  return {name: revisionName, hash};
}
