import {messageOf} from '../../errors.ts';
import {obstacles, usageOf} from '../kubelet/fit.ts';
import type {KubeObject, Pod} from '../objects.ts';
import {keyOf, splitKey} from './keys.ts';
import {adopt, controllerOf, ownedBy} from './ownership.ts';
import {availableIn, isActive, isReady, podFromTemplate} from './pods.ts';
import {ignoringGone, isNamespaceGoing} from './refusals.ts';
import {currentRevision, revisionLabel} from './revisions.ts';
import type {Runtime} from './runtime.ts';

const resource = 'daemonsets.apps';
const everywhere = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
  'unschedulable',
];

/** One pod on every node that takes it. */
export function startDaemonSets(runtime: Runtime): void {
  const {client, clock} = runtime;
  const events = runtime.recorder('daemonset-controller');
  const queue = runtime.queue(reconcile, resource);
  runtime.watch(resource, ({object}) => queue.add(keyOf(object)));
  runtime.watch('pods', ({object}) => {
    const owner = controllerOf(object);
    if (owner?.kind === 'DaemonSet') queue.add(`${object.metadata.namespace}/${owner.name}`);
  });
  const placements = new Map<string, string>();
  runtime.watch('nodes', ({type, object: {metadata, ...node}}) => {
    // Heartbeats change nodes all the time; only what decides about placement matters.
    const now = type === 'DELETED' ? '' : JSON.stringify([metadata.labels, node['spec']]);
    if (now === (placements.get(metadata.name) ?? '')) return;
    if (now === '') placements.delete(metadata.name);
    else placements.set(metadata.name, now);
    for (const set of client.list(resource)) queue.add(keyOf(set));
  });

  function* reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const set = client.get(resource, name, namespace);
    if (!set || set.metadata.deletionTimestamp !== undefined) return;
    adopt(client, 'pods', set);
    const {hash} = currentRevision({client, owner: set, limit: set['spec'].revisionHistoryLimit ?? 10});
    const nodes: KubeObject[] = [];
    for (const node of client.list('nodes')) {
      if (obstacles(daemonPod(set, node, hash), node, usageOf([])).length === 0) nodes.push(node);
      yield;
    }
    try {
      const pods = new Map<string, Pod[]>();
      for (const pod of podsOf(set)) {
        const place = nodeOf(pod) ?? '';
        pods.set(place, [...(pods.get(place) ?? []), pod]);
      }
      for (const node of nodes) {
        place(set, node, {hash, here: pods.get(node.metadata.name) ?? []});
        pods.delete(node.metadata.name);
        yield;
      }
      for (const pod of [...pods.values()].flat()) {
        if (isActive(pod)) remove(set, pod);
        yield;
      }
    } finally {
      writeStatus(set, nodes, hash);
    }
  }

  const podsOf = (set: KubeObject) => ownedBy<Pod>(client, 'pods', set);

  function place(set: KubeObject, node: KubeObject, {hash, here}: {hash: string; here: Pod[]}) {
    const active = here.filter(isActive);
    for (const pod of here)
      if (pod.status?.phase === 'Failed' && !pod.metadata.deletionTimestamp) remove(set, pod);
    if (active.length === 0) {
      create(set, node, hash);
      return;
    }
    for (const extra of active.slice(1)) remove(set, extra);
    const [pod] = active;
    const rolling = (set['spec'].updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
    if (pod && rolling && pod.metadata.labels?.[revisionLabel] !== hash) remove(set, pod);
  }

  function create(set: KubeObject, node: KubeObject, hash: string) {
    try {
      const created = client.create('pods', daemonPod(set, node, hash));
      events.normal(set, 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
    } catch (error) {
      if (isNamespaceGoing(error)) return;
      events.warning(set, 'FailedCreate', `Error creating: ${messageOf(error)}`);
      throw error;
    }
  }

  function remove(set: KubeObject, {metadata: {name, namespace}}: Pod) {
    ignoringGone(() => {
      client.delete('pods', name, namespace ? {namespace} : {});
      events.normal(set, 'SuccessfulDelete', `Deleted pod: ${name}`);
    });
  }

  function writeStatus(seen: KubeObject, nodes: KubeObject[], hash: string) {
    const {name, namespace} = seen.metadata;
    const set = client.get(resource, name, namespace);
    if (!set) return;
    const pods = podsOf(set).filter(isActive);
    const waits = pods.map(pod => availableIn(pod, set['spec'].minReadySeconds ?? 0, clock.now()));
    const later = waits.filter(wait => wait !== undefined && wait > 0) as number[];
    if (later.length > 0) queue.addAfter(keyOf(set), Math.min(...later));
    const available = waits.filter(wait => wait === 0).length;
    const updated = pods.filter(pod => pod.metadata.labels?.[revisionLabel] === hash).length;
    const unavailable = nodes.length - available;
    client.updateStatus(resource, {
      ...set,
      status: {
        currentNumberScheduled: pods.length,
        desiredNumberScheduled: nodes.length,
        ...(available > 0 ? {numberAvailable: available} : {}),
        numberMisscheduled: 0,
        numberReady: pods.filter(isReady).length,
        ...(unavailable > 0 ? {numberUnavailable: unavailable} : {}),
        observedGeneration: set.metadata.generation,
        ...(updated > 0 ? {updatedNumberScheduled: updated} : {}),
      },
    });
  }
}

/** The node that a daemon's pod is meant for is in its affinity until the scheduler has bound it. */
function nodeOf(pod: Pod): string | undefined {
  const required = pod.spec['affinity']?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return pod.spec.nodeName ?? required?.nodeSelectorTerms?.[0]?.matchFields?.[0]?.values?.[0];
}

function daemonPod(set: KubeObject, node: KubeObject, hash: string): Pod {
  const labels = {[revisionLabel]: hash, 'pod-template-generation': String(set.metadata.generation ?? 1)};
  const pod = podFromTemplate({owner: set, template: set['spec'].template, labels});
  const field = {key: 'metadata.name', operator: 'In', values: [node.metadata.name]};
  const given = pod.spec['affinity']?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms: any[] = given?.nodeSelectorTerms ?? [{}];
  pod.spec['affinity'] = {
    ...pod.spec['affinity'],
    nodeAffinity: {
      ...pod.spec['affinity']?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: terms.map(term => ({...term, matchFields: [field]})),
      },
    },
  };
  pod.spec['tolerations'] = [
    ...(pod.spec['tolerations'] ?? []),
    ...everywhere.map((name, index) => ({
      key: `node.kubernetes.io/${name}`,
      operator: 'Exists',
      effect: index < 2 ? 'NoExecute' : 'NoSchedule',
    })),
  ];
  return pod;
}
