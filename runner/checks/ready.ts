import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {describeWait, hasSidecar, isReady, replicaFailure, selectorText} from '../engines/kube/pods.ts';
import type {Checker} from './context.ts';
import {lookUntilFinal} from './wait.ts';

interface Found {
  workload: string;
  state: 'ready' | 'waiting' | 'missing' | 'no-sidecar' | 'stuck';
  text: string;
}

/** Pulling images takes minutes on a real cluster; the simulated one has nothing to pull. */
const patience = {simulated: 5_000, real: 300_000};

const stuckReasons = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CrashLoopBackOff',
]);

/** Workloads (and nodes) that must be available, each pod with Istio's sidecar where that is asked for. */
export const checkReady: Checker<'ready'> = async (condition, {kube, capabilities, signal, onProgress}) => {
  const label = `${condition.workloads.join(', ')} ready${condition.sidecar ? ' with sidecar' : ''}`;
  const expected = `${condition.workloads.length} ready${condition.sidecar ? ', each pod with a sidecar' : ''}`;
  const found = await lookUntilFinal({
    patience: capabilities.simulated ? patience.simulated : patience.real,
    interval: capabilities.simulated ? 50 : 1000,
    signal,
    onLook: states => onProgress({seen: textOf(states)}),
    look: async () => {
      const states = await Promise.all(
        condition.workloads.map(workload => lookAt(kube, workload, condition.namespace, condition.sidecar)),
      );
      const hopeless = states.some(
        state =>
          state.state === 'missing' ||
          state.state === 'no-sidecar' ||
          (capabilities.simulated && state.state === 'stuck'),
      );
      return {value: states, final: hopeless || states.every(state => state.state === 'ready')};
    },
  });
  return {
    verdict: found.every(state => state.state === 'ready') ? 'passed' : 'failed',
    label,
    expected,
    seen: textOf(found),
  };
};

function textOf(found: readonly Found[]): string {
  const open = found.filter(state => state.state !== 'ready');
  if (open.length === 0) return `${found.length} of ${found.length} ready`;
  const ready = found.length - open.length;
  return `${ready} of ${found.length} ready; ${open.map(state => state.text).join('; ')}`;
}

async function lookAt(kube: Kube, workload: string, namespace: string, sidecar: boolean): Promise<Found> {
  const [resource = '', name = ''] = workload.split('/');
  const object = await kube.get(resource, name, namespace);
  if (!object) return {workload, state: 'missing', text: `${workload} is not there`};
  if (object.kind === 'Node' || object.kind === 'Pod') {
    const ready = isReady(object);
    return {workload, state: ready ? 'ready' : 'waiting', text: ready ? '' : `${workload} is not ready`};
  }
  const pods = await podsOf(kube, object, namespace);
  const bare = sidecar ? pods.find(pod => isReady(pod) && !hasSidecar(pod)) : undefined;
  if (bare) return {workload, state: 'no-sidecar', text: `pod ${bare.metadata.name} has no sidecar (1/1)`};
  const wanted = object['spec']?.replicas ?? 1;
  const current = (object['status']?.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
  const ready = pods.filter(isReady).length;
  if (current && ready >= wanted && (object['status']?.readyReplicas ?? 0) >= wanted)
    return {workload, state: 'ready', text: ''};
  const waiting = pods.find(pod => !isReady(pod));
  if (!waiting) {
    const why = replicaFailure(object);
    const text = `${workload} has ${ready} of ${wanted} pods${why ? `: ${why}` : ''}`;
    return {workload, state: 'waiting', text};
  }
  // A native sidecar is among the init containers.
  const {initContainerStatuses = [], containerStatuses = []} = waiting['status'] ?? {};
  const reason = [...initContainerStatuses, ...containerStatuses]
    .map((status: any) => status.state?.waiting?.reason)
    .find((text: string) => stuckReasons.has(text));
  return {workload, state: reason ? 'stuck' : 'waiting', text: await describeWait(kube, waiting)};
}

async function podsOf(kube: Kube, workload: KubeItem, namespace: string): Promise<readonly KubeItem[]> {
  const labels: Record<string, string> = workload['spec']?.selector?.matchLabels ?? {};
  const pods = await kube.list('pods', {namespace, labels: selectorText(labels)});
  return pods.filter(pod => !pod.metadata.deletionTimestamp);
}
