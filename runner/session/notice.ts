import {setTimeout as delay} from 'node:timers/promises';
import type {Condition} from '../catalog/lab.ts';
import type {Kube, KubeItem} from '../engines/kube/kube.ts';
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

export function createNotice({openKube, debounce = 300, retry = 2000}: NoticeOptions): Notice {
  /** What the step before saw of each resource: nothing that happens between two steps goes unnoticed. */
  let seenLast = new Map<string, Map<string, string>>();

  return (conditions, onChange, signal) => {
    const before = seenLast;
    const seen = new Map<string, Map<string, string>>();
    seenLast = seen;
    let timer: NodeJS.Timeout | undefined;
    signal.addEventListener('abort', () => clearTimeout(timer), {once: true});

    function changed(): void {
      clearTimeout(timer);
      timer = setTimeout(onChange, debounce);
      timer.unref();
    }

    /** What is there when somebody begins to look is no change, and neither is being told of it again. */
    async function follow({resource, namespace}: WatchedResource): Promise<void> {
      const where = namespace ? {namespace} : {};
      const place = `${resource} ${namespace ?? ''}`;
      const known = new Map(before.get(place));
      let isFirst = !before.has(place);
      const meet = ({metadata}: KubeItem): boolean => {
        const {uid, resourceVersion = ''} = metadata;
        if (known.get(uid) === resourceVersion) return false;
        known.set(uid, resourceVersion);
        return true;
      };
      const lookAgain = (items: readonly KubeItem[]): void => {
        const there = new Set(items.map(({metadata}) => metadata.uid));
        const gone = [...known.keys()].filter(uid => !there.has(uid));
        for (const uid of gone) known.delete(uid);
        const met = items.filter(meet);
        if (!isFirst && (gone.length > 0 || met.length > 0)) changed();
        isFirst = false;
        seen.set(place, known);
      };
      while (!signal.aborted) {
        try {
          const kube = await openKube();
          lookAgain(await kube.list(resource, where));
          await kube.watch(resource, {signal, ...where}, ({type, object}) => {
            if (signal.aborted || type === 'BOOKMARK' || type === 'ERROR') return;
            if (type === 'DELETED') known.delete(object.metadata.uid);
            else if (!meet(object)) return;
            changed();
          });
        } catch {
          // A cluster that is not there yet is looked for again.
        }
        await delay(retry, undefined, {signal, ref: false}).catch(() => {});
      }
    }

    for (const watched of watchedBy(conditions)) void follow(watched);
  };
}
