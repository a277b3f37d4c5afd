import {keyOf} from '../controllers/keys.ts';
import type {Pod} from '../objects.ts';

/**
 * The pods that wait for a node, those that ask for the same together: when nothing has room for one of ten thousand,
 * none of the others need be tried.
 */
export interface UnscheduledPods {
  /** @returns whether it is new, or asks for something else than before */
  add(pod: Pod): boolean;
  remove(key: string): void;
  /** The first of each kind. */
  first(): string[];
  /** The next one that asks for the same as a pod that has left, if any. */
  after(pod: Pod): string | undefined;
  /** All that ask for the same as a pod. */
  like(pod: Pod): string[];
}

export function createUnscheduledPods(): UnscheduledPods {
  const kinds = new Map<string, Set<string>>();
  const kindOf = new Map<string, string>();

  function remove(key: string) {
    const kind = kindOf.get(key);
    if (kind === undefined) return;
    kindOf.delete(key);
    const keys = kinds.get(kind);
    keys?.delete(key);
    if (keys?.size === 0) kinds.delete(kind);
  }

  const like = (pod: Pod) => kinds.get(demandOf(pod));

  return {
    add(pod) {
      const key = keyOf(pod);
      const demand = demandOf(pod);
      if (kindOf.get(key) === demand) return false;
      remove(key);
      const keys = kinds.get(demand) ?? new Set();
      kinds.set(demand, keys.add(key));
      kindOf.set(key, demand);
      return true;
    },
    remove,
    first: () => [...kinds.values()].map(keys => keys.values().next().value as string),
    after: pod => like(pod)?.values().next().value,
    like: pod => [...(like(pod) ?? [])],
  };
}

/** Everything of a pod that decides where it can go; see `obstacles`. */
function demandOf({spec}: Pod): string {
  const {nodeSelector, affinity, tolerations, schedulerName, containers, initContainers = []} = spec as any;
  const requests = (container: any) => [container?.resources?.requests, container?.restartPolicy];
  return JSON.stringify([
    nodeSelector,
    affinity,
    tolerations,
    schedulerName,
    containers?.map?.(requests),
    initContainers?.map?.(requests),
  ]);
}
