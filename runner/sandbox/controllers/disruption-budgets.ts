import {rfc3339} from '../clock.ts';
import type {Condition, KubeObject, Pod} from '../objects.ts';
import {withCondition} from './conditions.ts';
import {inPods} from './deployments/strategy.ts';
import {keyOf, splitKey} from './keys.ts';
import {controllerOf, selectorMatches} from './ownership.ts';
import {inPieces} from './pieces.ts';
import {createPodCohorts, type PodCohort} from './pod-cohorts.ts';
import type {Runtime} from './runtime.ts';

const resource = 'poddisruptionbudgets.policy';

/** Keeps the status of PodDisruptionBudgets: how many of their pods may go. */
export function startDisruptionBudgets(runtime: Runtime): void {
  const {client, clock} = runtime;
  const queue = runtime.queue(reconcile, resource);
  runtime.watch(resource, ({object}) => queue.add(keyOf(object)));
  const cohorts = createPodCohorts();
  runtime.watch<Pod>('pods', ({type, object}) => {
    cohorts.note(object, type === 'DELETED');
    const {namespace = '', labels} = object.metadata;
    for (const budget of client.list(resource, {namespace})) {
      const spec = budget['spec'];
      // Without a spec it comes from an older version, and must not keep the others from hearing of the pod.
      if (spec && selectorMatches(spec.selector, labels)) queue.add(keyOf(budget));
    }
  });

  function* reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const seen = client.get(resource, name, namespace);
    if (!seen || seen.metadata.deletionTimestamp !== undefined) return;
    const selected: PodCohort[] = [];
    yield* inPieces(cohorts.of(namespace), cohort => {
      if (selectorMatches(seen['spec'].selector, cohort.labels)) selected.push(cohort);
    });
    const budget = client.get(resource, name, namespace);
    if (!budget || budget.metadata.uid !== seen.metadata.uid) return;
    const expected = expectedPods(namespace, selected);
    const {minAvailable, maxUnavailable} = budget['spec'];
    const desired =
      maxUnavailable === undefined
        ? inPods(minAvailable ?? 1, expected, Math.ceil)
        : Math.max(0, expected - inPods(maxUnavailable, expected, Math.ceil));
    const healthy = selected.reduce((sum, {ready}) => sum + ready, 0);
    const allowed = Math.max(0, healthy - desired);
    const condition: Condition = {
      type: 'DisruptionAllowed',
      status: allowed > 0 ? 'True' : 'False',
      reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
      message: '',
      observedGeneration: budget.metadata.generation ?? 1,
    };
    client.updateStatus(resource, {
      ...budget,
      status: {
        ...budget['status'],
        conditions: withCondition(budget['status']?.conditions, condition, rfc3339(clock.now())),
        currentHealthy: healthy,
        desiredHealthy: desired,
        disruptionsAllowed: allowed,
        expectedPods: expected,
        observedGeneration: budget.metadata.generation,
      },
    });
  }

  /** What the pods' controllers want, so that missing pods count too. */
  function expectedPods(namespace: string, selected: readonly PodCohort[]): number {
    const scales = new Map<string, number>();
    let bare = 0;
    for (const {owner, active} of selected) {
      const set =
        owner?.kind === 'ReplicaSet' ? client.get('replicasets.apps', owner.name, namespace) : undefined;
      const stateful =
        owner?.kind === 'StatefulSet' ? client.get('statefulsets.apps', owner.name, namespace) : undefined;
      const deployment = set && controllerOf(set);
      const top: KubeObject | undefined =
        (deployment && client.get('deployments.apps', deployment.name, namespace)) ?? set ?? stateful;
      if (top) scales.set(top.metadata.uid ?? '', top['spec'].replicas ?? 1);
      else bare += active;
    }
    return [...scales.values()].reduce((sum, count) => sum + count, bare);
  }
}
