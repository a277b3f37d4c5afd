import {rfc3339} from '../clock.ts';
import type {Condition, KubeObject} from '../objects.ts';
import {withCondition} from './conditions.ts';
import {keyOf, splitKey} from './keys.ts';
import type {Runtime} from './runtime.ts';

const resource = 'horizontalpodautoscalers.autoscaling';
const targets: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicaSet: 'replicasets.apps',
};

/**
 * What a HorizontalPodAutoscaler does in a cluster without a metrics server, as kind is: it keeps the size within
 * its bounds and says that it has no metrics.
 */
export function startPodAutoscalers(runtime: Runtime): void {
  const {client, clock} = runtime;
  const events = runtime.recorder('horizontal-pod-autoscaler');
  const queue = runtime.queue(reconcile, resource);
  runtime.watch(resource, ({object}) => queue.add(keyOf(object)));
  for (const [kind, target] of Object.entries(targets)) {
    runtime.watch(target, ({object}) => {
      for (const scaler of client.list(resource, {namespace: object.metadata.namespace ?? ''})) {
        const {kind: wanted, name} = scaler['spec']?.scaleTargetRef ?? {};
        if (wanted === kind && name === object.metadata.name) queue.add(keyOf(scaler));
      }
    });
  }

  function reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const scaler = client.get(resource, name, namespace);
    if (!scaler || scaler.metadata.deletionTimestamp !== undefined) return;
    const {kind, name: targetName} = scaler['spec'].scaleTargetRef;
    const target = client.get(targets[kind] ?? 'deployments.apps', targetName, namespace);
    if (!target) {
      const message = `the HPA controller was unable to get the target's current scale: ${kind.toLowerCase()}s.apps "${targetName}" not found`;
      write(scaler, {currentReplicas: 0, desiredReplicas: 0}, [
        {type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message},
      ]);
      return;
    }
    const current: number = target['spec'].replicas ?? 1;
    const {minReplicas = 1, maxReplicas} = scaler['spec'];
    const wanted = current === 0 ? 0 : Math.min(maxReplicas, Math.max(minReplicas, current));
    if (wanted !== current) {
      client.patch(targets[kind] ?? 'deployments.apps', targetName, {spec: {replicas: wanted}}, {namespace});
      const side = wanted > current ? 'below Spec.MinReplicas' : 'above Spec.MaxReplicas';
      events.normal(
        scaler,
        'SuccessfulRescale',
        `New size: ${wanted}; reason: Current number of replicas ${side}`,
      );
    }
    const size = {currentReplicas: target['status']?.replicas ?? 0, desiredReplicas: wanted};
    write(scaler, size, current === 0 ? [able, disabled] : [able, inactive(scaler)]);
  }

  function write(scaler: KubeObject, size: Record<string, number>, conditions: Condition[]) {
    const now = rfc3339(clock.now());
    const merged = conditions.reduce(
      (list, one) => withCondition(list, one, now),
      scaler['status']?.conditions ?? [],
    );
    client.updateStatus(resource, {
      ...scaler,
      status: {...scaler['status'], ...size, currentMetrics: null, conditions: merged},
    });
  }
}

const able: Condition = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'SucceededGetScale',
  message: "the HPA controller was able to get the target's current scale",
};
const disabled: Condition = {
  type: 'ScalingActive',
  status: 'False',
  reason: 'ScalingDisabled',
  message: 'scaling is disabled since the replica count of the target is zero',
};

function inactive(scaler: KubeObject): Condition {
  const [metric] = scaler['spec'].metrics ?? [];
  const name = metric?.resource?.name ?? 'cpu';
  return {
    type: 'ScalingActive',
    status: 'False',
    reason: 'FailedGetResourceMetric',
    message:
      `the HPA was unable to compute the replica count: failed to get ${name} utilization: unable to get metrics ` +
      `for resource ${name}: unable to fetch metrics from resource metrics API: the server could not find the ` +
      'requested resource (get pods.metrics.k8s.io)',
  };
}
