import type {OwnerReference, Pod} from '../objects.ts';
import {controllerOf} from './ownership.ts';
import {isActive, isReady} from './pods.ts';

/** Pods of one namespace that have the same labels and the same controller: what a template made. */
export interface PodCohort {
  readonly labels: Record<string, string>;
  readonly owner: OwnerReference | undefined;
  /** How many of them are active, and how many of those are ready. */
  readonly active: number;
  readonly ready: number;
}

/** Counts of pods, kept up with each change of one, so that nobody has to look at thousands to know them. */
export interface PodCohorts {
  note(pod: Pod, isGone: boolean): void;
  of(namespace: string): readonly PodCohort[];
}

interface Counted {
  cohort: Writable<PodCohort>;
  isReady: boolean;
}

type Writable<T> = {-readonly [K in keyof T]: T[K]};

export function createPodCohorts(): PodCohorts {
  const namespaces = new Map<string, Map<string, Writable<PodCohort>>>();
  const counted = new Map<string, Counted>();

  function leave(uid: string, namespace: string) {
    const before = counted.get(uid);
    if (!before) return;
    counted.delete(uid);
    const {cohort} = before;
    cohort.active -= 1;
    if (before.isReady) cohort.ready -= 1;
    if (cohort.active > 0) return;
    const cohorts = namespaces.get(namespace);
    cohorts?.delete(keyOf(cohort));
    if (cohorts?.size === 0) namespaces.delete(namespace);
  }

  function join(uid: string, namespace: string, pod: Pod) {
    const candidate = {labels: pod.metadata.labels ?? {}, owner: controllerOf(pod), active: 0, ready: 0};
    const cohorts = namespaces.get(namespace) ?? new Map<string, Writable<PodCohort>>();
    namespaces.set(namespace, cohorts);
    const key = keyOf(candidate);
    const cohort = cohorts.get(key) ?? candidate;
    cohorts.set(key, cohort);
    cohort.active += 1;
    const ready = isReady(pod);
    if (ready) cohort.ready += 1;
    counted.set(uid, {cohort, isReady: ready});
  }

  return {
    note(pod, isGone) {
      const {uid = '', namespace = ''} = pod.metadata;
      leave(uid, namespace);
      if (!isGone && isActive(pod)) join(uid, namespace, pod);
    },
    of: namespace => [...(namespaces.get(namespace)?.values() ?? [])],
  };
}

function keyOf({labels, owner}: PodCohort): string {
  return JSON.stringify([labels, owner?.kind, owner?.name, owner?.uid]);
}
