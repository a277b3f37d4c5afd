import {setTimeout as delay} from 'node:timers/promises';
import type {SeenStars} from '../../verify/observation.ts';
import type {Kube} from '../engines/kube/kube.ts';
import type {Visits} from './context.ts';
import {createVersionWitness} from './witnesses.ts';

/** One page load as somebody watches it. */
export interface TrafficLoad {
  visitor: string;
  stars: SeenStars;
  /** By the pod's own label, `v1`; absent when no pod told its name. */
  version?: string;
  milliseconds: number;
}

/** Between two loads of a visitor. */
const pauseMilliseconds = 700;

/** Loads the page as every visitor, again and again, and proves nothing: for watching. */
export async function watchTraffic(options: {
  kube: Kube;
  visits: Visits;
  visitors: readonly string[];
  signal: AbortSignal;
  onLoad(load: TrafficLoad): void;
}): Promise<void> {
  const {kube, visits, visitors, signal, onLoad} = options;
  const witness = createVersionWitness(kube);
  const pages = await visits.pages({kube, via: 'productpage', visitors, signal});
  const watch = async (visitor: string): Promise<void> => {
    const page = pages.get(visitor);
    while (page && !signal.aborted) {
      const {stars, pod, milliseconds} = await page.load({signal});
      if (signal.aborted) return;
      const version = pod === null ? undefined : await witness.versionOf(pod).catch(() => undefined);
      onLoad({visitor, stars, milliseconds, ...(version ? {version} : {})});
      await delay(pauseMilliseconds, undefined, {signal}).catch(() => {});
    }
  };
  await Promise.all(visitors.map(watch));
}
