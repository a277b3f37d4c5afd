import {rfc3339} from '../clock.ts';
import {withCondition} from '../controllers/conditions.ts';
import {keyOf, splitKey} from '../controllers/keys.ts';
import type {Runtime} from '../controllers/runtime.ts';
import type {KubeObject, Pod} from '../objects.ts';
import {obstacles} from './fit.ts';

/** Binds pods to the first node that takes them, and says why when none does. */
export function startScheduler(runtime: Runtime): void {
  const {client, clock} = runtime;
  const events = runtime.recorder('default-scheduler');
  const queue = runtime.queue(reconcile);
  const unscheduled = new Set<string>();
  const retryAll = () => {
    for (const key of unscheduled) queue.add(key);
  };

  runtime.watch<Pod>('pods', ({type, object}) => {
    const key = keyOf(object);
    if (type === 'DELETED') {
      unscheduled.delete(key);
      retryAll();
    } else if (object.spec.nodeName === undefined) {
      unscheduled.add(key);
      queue.add(key);
    }
  });
  runtime.watch('nodes', retryAll);

  function reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const pod = client.get<Pod>('pods', name, namespace);
    if (!pod || pod.spec.nodeName !== undefined || pod.metadata.deletionTimestamp !== undefined) {
      unscheduled.delete(key);
      return;
    }
    if ((pod.spec['schedulerName'] ?? 'default-scheduler') !== 'default-scheduler') return;
    const nodes = client.list('nodes');
    const reasons: string[] = [];
    for (const node of nodes) {
      const found = obstacles(pod, node, podsOn(node));
      if (found.length === 0) {
        bind(pod, node);
        unscheduled.delete(key);
        return;
      }
      reasons.push(...found);
    }
    refuse(pod, nodes.length, reasons);
  }

  const podsOn = (node: KubeObject) =>
    client.list<Pod>('pods').filter(pod => pod.spec.nodeName === node.metadata.name && !hasEnded(pod));

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

const hasEnded = (pod: Pod) => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
