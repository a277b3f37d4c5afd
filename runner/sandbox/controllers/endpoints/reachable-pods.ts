import type {Pod} from '../../objects.ts';

/** Whether traffic can go to a pod, by Kubernetes' rules: it has an IP and has not ended. */
export function isReachable({status}: Pod): boolean {
  return Boolean(status?.podIP) && status.phase !== 'Succeeded' && status.phase !== 'Failed';
}

/** The pods that can be reached, which are few beside those that wait for a place on a node. */
export interface ReachablePods {
  /** Keeps up with a change of a pod. @returns the pod as it was, if it could be reached until now */
  note(pod: Pod, isGone: boolean): Pod | undefined;
  /** A new array, in no order. */
  of(namespace: string): Pod[];
}

export function createReachablePods(): ReachablePods {
  const namespaces = new Map<string, Map<string, Pod>>();
  return {
    note(pod, isGone) {
      const {uid = '', namespace = ''} = pod.metadata;
      const pods = namespaces.get(namespace) ?? new Map<string, Pod>();
      const before = pods.get(uid);
      if (!isGone && isReachable(pod)) namespaces.set(namespace, pods.set(uid, pod));
      else if (pods.delete(uid) && pods.size === 0) namespaces.delete(namespace);
      return before;
    },
    of: namespace => [...(namespaces.get(namespace)?.values() ?? [])],
  };
}
