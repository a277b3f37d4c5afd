import type {Kube, KubeItem} from '../engines/kube/kube.ts';
import {describeWait, hasSidecar, isReady, stuckReason} from '../engines/kube/pods.ts';
import {type Rollout, rolloutOf} from '../engines/kube/rollout.ts';
import type {Checker} from './context.ts';
import {lookUntilFinal} from './wait.ts';
import {findWorkload, podsOf} from './workload.ts';

interface Found {
  workload: string;
  state: 'ready' | 'missing' | 'no-sidecar' | 'stuck' | Exclude<Rollout['state'], 'done'>;
  text: string;
}

/**
 * Workloads that must be rolled out (and nodes and pods that must be ready), with at least one pod
 * each, and with Istio's sidecar in each pod where that is asked for.
 */
export const checkReady: Checker<'ready'> = async (
  condition,
  {kube, capabilities, time, signal, onProgress},
) => {
  const label = `${condition.workloads.join(', ')} ready${condition.sidecar ? ' with sidecar' : ''}`;
  const expected = `${condition.workloads.length} ready${condition.sidecar ? ', each pod with a sidecar' : ''}`;
  const found = await lookUntilFinal({
    patience: capabilities.rollout,
    interval: capabilities.simulated ? 50 : 1000,
    time,
    signal,
    onLook(states, elapsed) {
      const open = states.filter(({state}) => state !== 'ready').map(({text}) => text);
      const waiting = {for: 'rollout', text: open.join('; '), elapsed, bound: capabilities.rollout} as const;
      onProgress({seen: textOf(states), ...(open.length > 0 ? {waiting} : {})});
    },
    look: async () => {
      const states = await Promise.all(
        condition.workloads.map(workload => lookAt(kube, workload, condition.namespace, condition.sidecar)),
      );
      const hopeless = states.some(
        ({state}) => isFinal(state) || (capabilities.simulated && state === 'stuck'),
      );
      return {value: states, final: hopeless || states.every(({state}) => state === 'ready')};
    },
  });
  return {
    verdict: found.every(state => state.state === 'ready') ? 'passed' : 'failed',
    label,
    expected,
    seen: textOf(found),
  };
};

/** Whether waiting does not mend it; a pull that failed is tried again, on a real cluster with better luck. */
function isFinal(state: Found['state']): boolean {
  return ['missing', 'no-sidecar', 'not-a-workload', 'scaled-to-zero'].includes(state);
}

function textOf(found: readonly Found[]): string {
  const open = found.filter(state => state.state !== 'ready');
  if (open.length === 0) return `${found.length} of ${found.length} ready`;
  const ready = found.length - open.length;
  return `${ready} of ${found.length} ready; ${open.map(state => state.text).join('; ')}`;
}

async function lookAt(kube: Kube, workload: string, namespace: string, sidecar: boolean): Promise<Found> {
  const object = await findWorkload(kube, workload, namespace);
  if (!object) return {workload, state: 'missing', text: `${workload} is not there`};
  if (object.kind === 'Node' || object.kind === 'Pod') {
    if (!isReady(object)) return {workload, state: 'waiting', text: `${workload} is not ready`};
    return sidecar && !hasSidecar(object) ? bare(workload, object) : {workload, state: 'ready', text: ''};
  }
  const rollout = rolloutOf(object);
  if (rollout.state === 'not-a-workload' || rollout.state === 'scaled-to-zero')
    return {workload, state: rollout.state, text: rollout.text};
  const pods = await podsOf(kube, object);
  const unready = pods.find(pod => !isReady(pod));
  if (unready) {
    const text = await describeWait(kube, unready);
    return {workload, state: stuckReason(unready) ? 'stuck' : 'waiting', text};
  }
  if (rollout.state === 'waiting') return {workload, state: 'waiting', text: rollout.text};
  // A workload's own count lags behind its pods.
  if (pods.length < rollout.wanted)
    return {workload, state: 'waiting', text: `${workload} has ${pods.length} of ${rollout.wanted} pods`};
  const without = sidecar ? pods.find(pod => !hasSidecar(pod)) : undefined;
  return without ? bare(workload, without) : {workload, state: 'ready', text: ''};
}

function bare(workload: string, pod: KubeItem): Found {
  return {workload, state: 'no-sidecar', text: `pod ${pod.metadata.name} has no sidecar (1/1)`};
}
