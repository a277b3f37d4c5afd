import {rfc3339} from '../clock.ts';
import {findCondition, withCondition} from '../controllers/conditions.ts';
import {keyOf, splitKey} from '../controllers/keys.ts';
import type {Runtime} from '../controllers/runtime.ts';
import type {KubeObject, Pod} from '../objects.ts';
import {obstacles} from './fit.ts';
import {createNodeUsages} from './node-usages.ts';
import {createUnscheduledPods} from './unscheduled-pods.ts';

/** Binds pods to the first node that takes them, and says why when none does. */
export function startScheduler(runtime: Runtime): void {
  const {client, clock} = runtime;
  const events = runtime.recorder('default-scheduler');
  const queue = runtime.queue(reconcile, 'pods');
  const unscheduled = createUnscheduledPods();
  const usages = createNodeUsages();
  const offers = new Map<string, string>();
  const retryAll = () => {
    for (const key of unscheduled.first()) queue.add(key);
  };

  runtime.watch<Pod>('pods', ({type, object}) => {
    const key = keyOf(object);
    const isGone = type === 'DELETED';
    if (usages.note(object, isGone) === 'freed') retryAll();
    if (isGone || object.spec.nodeName !== undefined || object.metadata.deletionTimestamp !== undefined) {
      unscheduled.remove(key);
    } else if (unscheduled.add(object)) queue.add(key);
  });
  runtime.watch('nodes', ({type, object}) => {
    if (type === 'DELETED') offers.delete(object.metadata.name);
    else if (offerChanged(object)) retryAll();
  });

  /** Heartbeats change nodes all the time; only what decides about placement matters. */
  function offerChanged({metadata, ...node}: KubeObject): boolean {
    const offer = JSON.stringify([metadata.labels, node['spec'], node['status']?.allocatable]);
    const isNew = offers.get(metadata.name) !== offer;
    offers.set(metadata.name, offer);
    return isNew;
  }

  function reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const pod = client.get<Pod>('pods', name, namespace);
    if (!pod || pod.spec.nodeName !== undefined || pod.metadata.deletionTimestamp !== undefined) return;
    if ((pod.spec['schedulerName'] ?? 'default-scheduler') !== 'default-scheduler') return;
    try {
      place(pod);
    } catch (error) {
      // The queue comes back to it; meanwhile it does not stand before the others.
      unscheduled.remove(key);
      tryNext(pod);
      throw error;
    }
  }

  /** Once one pod has found its place, or is out of the way, others of its kind may. */
  function tryNext(pod: Pod) {
    const next = unscheduled.after(pod);
    if (next !== undefined) queue.add(next);
  }

  function place(pod: Pod) {
    const nodes = client.list('nodes');
    const reasons: string[] = [];
    for (const node of nodes) {
      const found = obstacles(pod, node, usages.of(node.metadata.name));
      if (found.length === 0) {
        bind(pod, node);
        tryNext(pod);
        return;
      }
      reasons.push(...found);
    }
    refuse(pod, nodes.length, reasons);
  }

  function bind(pod: Pod, node: KubeObject) {
    const {name, namespace} = pod.metadata;
    const nodeName = node.metadata.name;
    const bound = client.update<Pod>('pods', {...pod, spec: {...pod.spec, nodeName}});
    const condition = {type: 'PodScheduled', status: 'True', lastProbeTime: null} as const;
    const conditions = withCondition(bound.status?.conditions, condition, rfc3339(clock.now()));
    client.updateStatus<Pod>('pods', {...bound, status: {...bound.status, conditions}});
    events.normal(bound, 'Scheduled', `Successfully assigned ${namespace}/${name} to ${nodeName}`);
  }

  function refuse(pod: Pod, nodes: number, reasons: string[]) {
    const counts = new Map<string, number>();
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    const list = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
    const help = reasons.every(reason => reason.startsWith('Insufficient') || reason === 'Too many pods')
      ? `${nodes} No preemption victims found for incoming pod`
      : `${nodes} Preemption is not helpful for scheduling`;
    const message =
      nodes === 0
        ? 'no nodes available to schedule pods'
        : `0/${nodes} nodes are available: ${list.join(', ')}. preemption: 0/${nodes} nodes are available: ${help}.`;
    unscheduled.add(pod);
    const told = findCondition(pod.status?.conditions, 'PodScheduled')?.message;
    if (told === message) return;
    // What is new to one that was told before is new to all of its kind.
    if (told !== undefined) for (const key of unscheduled.like(pod)) queue.add(key);
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
    } as const;
    const conditions = withCondition(pod.status?.conditions, condition, rfc3339(clock.now()));
    const written = client.updateStatus<Pod>('pods', {...pod, status: {...pod.status, conditions}});
    if (written.metadata.resourceVersion !== pod.metadata.resourceVersion) {
      events.warning(pod, 'FailedScheduling', message);
    }
  }
}
