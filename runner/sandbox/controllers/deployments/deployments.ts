import {rfc3339} from '../../clock.ts';
import type {Condition, KubeObject, Pod} from '../../objects.ts';
import {findCondition} from '../conditions.ts';
import {keyOf, splitKey} from '../keys.ts';
import {adopt, controllerOf, ownedBy} from '../ownership.ts';
import {isActive} from '../pods.ts';
import type {Runtime} from '../runtime.ts';
import {isLive} from '../service-accounts.ts';
import {createReplicaSet, findNew, replicaSets, replicasOf, sizeAnnotations} from './replica-sets.ts';
import {promote, revisionAnnotation, revisionOf} from './revisions.ts';
import {proportional, type Resize, shrinkOld, sizeOfNew} from './rolling.ts';
import {countReplicas, deploymentStatus, isComplete, setCondition} from './status.ts';

const resource = 'deployments.apps';

/** Turns Deployments into ReplicaSets and rolls from one to the next. */
export function startDeployments(runtime: Runtime): void {
  const {client, clock} = runtime;
  const events = runtime.recorder('deployment-controller');
  const queue = runtime.queue(reconcile, resource);

  runtime.watch(resource, ({object}) => queue.add(keyOf(object)));
  runtime.watch(replicaSets, ({object}) => {
    const owner = controllerOf(object);
    if (owner?.kind === 'Deployment') queue.add(`${object.metadata.namespace}/${owner.name}`);
  });
  // A Recreate rollout goes on when the last old pod is gone, which no ReplicaSet's status tells; others needn't hear
  // of every pod.
  runtime.watch('pods', ({type, object}) => {
    const owner = controllerOf(object);
    if (type !== 'DELETED' || owner?.kind !== 'ReplicaSet') return;
    const set = client.get(replicaSets, owner.name, object.metadata.namespace);
    const parent = set && controllerOf(set);
    const deployment = parent && client.get(resource, parent.name, object.metadata.namespace);
    if (deployment?.['spec']?.strategy?.type === 'Recreate') queue.add(keyOf(deployment));
  });

  function reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const deployment = client.get(resource, name, namespace);
    if (!deployment || !isLive(client, namespace)) return;
    adopt(client, replicaSets, deployment);
    const conditions: Condition[] = [...(deployment['status']?.conditions ?? [])];
    if (deployment.metadata.deletionTimestamp === undefined) sync(deployment, conditions);
    const current = client.get(resource, name, namespace);
    if (current) writeStatus(current, conditions);
  }

  /** Sets conditions of its own in the given list, for the status written afterwards. */
  function sync(deployment: KubeObject, conditions: Condition[]) {
    notePause(deployment, conditions);
    const sets = ownedBy<KubeObject>(client, replicaSets, deployment);
    const existing = findNew(deployment, sets);
    if (deployment['spec'].paused) {
      if (existing) promote(client, deployment, existing, revisionOf(existing), sizeAnnotations(deployment));
      resizeAll(deployment, sets);
      removeHistory(deployment, sets, existing);
      return;
    }
    if (wasScaled(deployment, sets)) {
      resizeAll(deployment, sets);
      return;
    }
    if (deployment['spec'].strategy?.type === 'Recreate') recreate(deployment, sets, existing, conditions);
    else roll(deployment, sets, existing, conditions);
    const after = ownedBy<KubeObject>(client, replicaSets, deployment);
    const newSet = findNew(deployment, after);
    if (isComplete(deployment, countReplicas(after, newSet))) removeHistory(deployment, after, newSet);
  }

  function roll(
    deployment: KubeObject,
    sets: KubeObject[],
    existing: KubeObject | undefined,
    conditions: Condition[],
  ) {
    const newSet = ensureNew(deployment, sets, existing, sizeOfNew(deployment, sets, existing), conditions);
    if (!newSet) return;
    const others = sets.filter(set => set.metadata.uid !== newSet.metadata.uid);
    const grown = resize(deployment, {
      set: newSet,
      replicas: sizeOfNew(deployment, [...others, newSet], newSet),
    });
    for (const one of shrinkOld(deployment, others, grown)) resize(deployment, one);
  }

  function recreate(
    deployment: KubeObject,
    sets: KubeObject[],
    existing: KubeObject | undefined,
    conditions: Condition[],
  ) {
    const old = sets.filter(set => set !== existing);
    for (const set of old) if (replicasOf(set) > 0) resize(deployment, {set, replicas: 0});
    const stillThere = old.some(set =>
      ownedBy<Pod>(client, 'pods', set).some(
        pod => isActive(pod) || pod.metadata.deletionTimestamp !== undefined,
      ),
    );
    if (stillThere) return;
    const newSet = ensureNew(deployment, sets, existing, replicasOf(deployment), conditions);
    if (newSet) resize(deployment, {set: newSet, replicas: replicasOf(deployment)});
  }

  function ensureNew(
    deployment: KubeObject,
    sets: KubeObject[],
    existing: KubeObject | undefined,
    replicas: number,
    conditions: Condition[],
  ): KubeObject | undefined {
    const others = sets.filter(set => set !== existing);
    const revision = Math.max(0, ...others.map(revisionOf)) + 1;
    let newSet: KubeObject | undefined;
    if (existing) {
      const number = Math.max(revision, revisionOf(existing));
      newSet = promote(client, deployment, existing, number, sizeAnnotations(deployment));
      if (!findCondition(conditions, 'Progressing'))
        note(deployment, conditions, 'FoundNewReplicaSet', `Found new replica set "${newSet.metadata.name}"`);
    } else {
      newSet = createReplicaSet(client, deployment, {replicas, revision});
      if (!newSet) {
        bumpCollisions(deployment);
        return undefined;
      }
      const setName = newSet.metadata.name;
      note(deployment, conditions, 'NewReplicaSetCreated', `Created new replica set "${setName}"`);
      if (replicas > 0) {
        events.normal(
          deployment,
          'ScalingReplicaSet',
          `Scaled up replica set ${setName} from 0 to ${replicas}`,
        );
      }
    }
    const annotations = {[revisionAnnotation]: newSet.metadata.annotations?.[revisionAnnotation] ?? '1'};
    patchDeployment(deployment, {metadata: {annotations}});
    return newSet;
  }

  function note(deployment: KubeObject, conditions: Condition[], reason: string, message: string) {
    if (deployment['spec'].progressDeadlineSeconds === undefined) return;
    const condition: Condition = {type: 'Progressing', status: 'True', reason, message};
    conditions.splice(0, Infinity, ...setCondition(conditions, condition, rfc3339(clock.now())));
  }

  function notePause(deployment: KubeObject, conditions: Condition[]) {
    const progressing = findCondition(conditions, 'Progressing');
    if (deployment['spec'].progressDeadlineSeconds === undefined) return;
    if (progressing?.reason === 'ProgressDeadlineExceeded') return;
    const set = (condition: Condition) =>
      conditions.splice(0, Infinity, ...setCondition(conditions, condition, rfc3339(clock.now())));
    const noted = progressing?.reason === 'DeploymentPaused';
    if (deployment['spec'].paused && !noted) {
      set({
        type: 'Progressing',
        status: 'Unknown',
        reason: 'DeploymentPaused',
        message: 'Deployment is paused',
      });
    } else if (!deployment['spec'].paused && noted) {
      set({
        type: 'Progressing',
        status: 'Unknown',
        reason: 'DeploymentResumed',
        message: 'Deployment is resumed',
      });
    }
  }

  function bumpCollisions(deployment: KubeObject) {
    const collisionCount = (deployment['status']?.collisionCount ?? 0) + 1;
    const {name, namespace} = deployment.metadata;
    client.patch(
      resource,
      name,
      {status: {collisionCount}},
      {...(namespace ? {namespace} : {}), subresource: 'status'},
    );
  }

  /** Whether the Deployment's size changed since its active ReplicaSets were last sized. */
  function wasScaled(deployment: KubeObject, sets: KubeObject[]): boolean {
    const active = sets.filter(set => replicasOf(set) > 0);
    if (active.length < 2) return false;
    return active.some(set => {
      const desired = set.metadata.annotations?.['deployment.kubernetes.io/desired-replicas'];
      return desired !== undefined && Number(desired) !== replicasOf(deployment);
    });
  }

  function resizeAll(deployment: KubeObject, sets: KubeObject[]) {
    const active = sets.filter(set => replicasOf(set) > 0);
    const newSet = findNew(deployment, sets);
    const only = active.length === 1 ? active[0] : active.length === 0 ? newSet : undefined;
    if (only) {
      resize(deployment, {set: only, replicas: replicasOf(deployment)});
      return;
    }
    for (const one of proportional(deployment, active)) resize(deployment, one);
  }

  function resize(deployment: KubeObject, {set, replicas}: Resize): KubeObject {
    const {name, namespace} = set.metadata;
    const before = replicasOf(set);
    const resized = client.patch(
      replicaSets,
      name,
      {metadata: {annotations: sizeAnnotations(deployment)}, spec: {replicas}},
      namespace === undefined ? {} : {namespace},
    );
    if (before !== replicas) {
      const direction = replicas > before ? 'up' : 'down';
      events.normal(
        deployment,
        'ScalingReplicaSet',
        `Scaled ${direction} replica set ${name} from ${before} to ${replicas}`,
      );
    }
    return resized;
  }

  function removeHistory(deployment: KubeObject, sets: KubeObject[], newSet: KubeObject | undefined) {
    const limit = deployment['spec'].revisionHistoryLimit ?? 10;
    const idle = sets
      .filter(set => set !== newSet && replicasOf(set) === 0 && (set['status']?.replicas ?? 0) === 0)
      .filter(set => set.metadata.deletionTimestamp === undefined)
      .sort((left, right) => revisionOf(left) - revisionOf(right));
    for (const set of idle.slice(0, Math.max(0, idle.length - limit))) {
      const {name, namespace} = set.metadata;
      client.delete(replicaSets, name, {...(namespace ? {namespace} : {}), propagationPolicy: 'Background'});
    }
  }

  function patchDeployment(deployment: KubeObject, patch: Record<string, unknown>) {
    const {name, namespace} = deployment.metadata;
    client.patch(resource, name, patch, namespace === undefined ? {} : {namespace});
  }

  function writeStatus(deployment: KubeObject, conditions: Condition[]) {
    const sets = ownedBy<KubeObject>(client, replicaSets, deployment);
    const newSet = findNew(deployment, sets);
    const {status, deadlineIn} = deploymentStatus({deployment, sets, newSet, conditions, now: clock.now()});
    client.updateStatus(resource, {...deployment, status});
    if (deadlineIn !== undefined) queue.addAfter(keyOf(deployment), deadlineIn + 1000);
  }
}
