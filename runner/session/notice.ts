import {setTimeout as delay} from 'node:timers/promises';
import type {Condition} from '../catalog/lab.ts';
import type {Kube} from '../clusters/kube/kube.ts';
import {type WatchedResource, watchedBy} from './watched.ts';

export interface NoticeOptions {
  openKube(): Promise<Kube>;
  /** Changes that come together count as one, in milliseconds. @default 300 */
  debounce?: number;
  /** How long a cluster that does not answer is left alone, in milliseconds. @default 2000 */
  retry?: number;
}

/** Tells when somebody changed an object that a check names, whatever they did it with. */
export type Notice = (conditions: readonly Condition[], onChange: () => void, signal: AbortSignal) => void;

/** A watch begins by naming what is there already; that is no change. */
const openingMilliseconds = 500;

export function createNotice({openKube, debounce = 300, retry = 2000}: NoticeOptions): Notice {
  return (conditions, onChange, signal) => {
    let timer: NodeJS.Timeout | undefined;
    signal.addEventListener('abort', () => clearTimeout(timer), {once: true});

    function changed(): void {
      clearTimeout(timer);
      timer = setTimeout(onChange, debounce);
      timer.unref();
    }

    async function follow({resource, namespace}: WatchedResource): Promise<void> {
      while (!signal.aborted) {
        const openedAt = performance.now();
        await openKube()
          .then(kube =>
            kube.watch(resource, {signal, ...(namespace ? {namespace} : {})}, () => {
              if (!signal.aborted && performance.now() - openedAt > openingMilliseconds) changed();
            }),
          )
          // A cluster that is not there yet is looked for again.
          .catch(() => {});
        await delay(retry, undefined, {signal, ref: false}).catch(() => {});
      }
    }

    for (const watched of watchedBy(conditions)) void follow(watched);
  };
}
