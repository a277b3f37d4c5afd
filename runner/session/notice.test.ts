import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {Condition} from '../catalog/lab.ts';
import type {Kube, KubeItem, WatchEvent} from '../engines/kube/kube.ts';
import {createNotice} from './notice.ts';

const item = (uid: string, resourceVersion: string): KubeItem => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {name: uid, namespace: 'bookinfo', uid, resourceVersion},
});

const condition: Condition = {
  kind: 'absent',
  resource: 'virtualservices',
  namespace: 'bookinfo',
  name: 'reviews',
  place: {file: 'lab.md', line: 1},
};

/** A cluster whose objects and whose watches the test holds. */
function cluster(objects: KubeItem[]) {
  let tell: (event: WatchEvent) => void = () => {};
  let end = (): void => {};
  const kube = {
    list: async () => [...objects],
    watch: (_: string, {signal}: {signal: AbortSignal}, onEvent: (event: WatchEvent) => void) =>
      new Promise<void>(resolve => {
        tell = onEvent;
        end = resolve;
        signal.addEventListener('abort', () => resolve());
        // An API server begins with all that is there.
        for (const object of objects) onEvent({type: 'ADDED', object});
      }),
  } as unknown as Kube;
  return {kube, tell: (event: WatchEvent) => tell(event), end: () => end(), objects};
}

const settle = () => vi.advanceTimersByTimeAsync(0);
let stop: AbortController;

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  vi.useRealTimers();
});

async function noticing(kube: Kube) {
  const noticed = vi.fn();
  createNotice({openKube: async () => kube, debounce: 300, retry: 0})([condition], noticed, stop.signal);
  await settle();
  return noticed;
}

describe('notice', () => {
  it('takes what is there for no change', async () => {
    const noticed = await noticing(cluster([item('reviews', '1'), item('ratings', '2')]).kube);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(noticed).not.toHaveBeenCalled();
  });

  it.each([
    ['a change', {type: 'MODIFIED', object: item('reviews', '2')}],
    ['what is new', {type: 'ADDED', object: item('details', '3')}],
    ['what is gone', {type: 'DELETED', object: item('reviews', '1')}],
  ] as const)('tells of %s, at once after it was opened, and once', async (_, event) => {
    const {kube, tell} = cluster([item('reviews', '1')]);
    const noticed = await noticing(kube);
    tell(event);
    await vi.advanceTimersByTimeAsync(299);
    expect(noticed).not.toHaveBeenCalled();
    tell(event);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(noticed).toHaveBeenCalledTimes(1);
  });

  it('tells of what happened while the watch was broken', async () => {
    const {kube, objects, end} = cluster([item('reviews', '1'), item('ratings', '1')]);
    const noticed = await noticing(kube);
    objects.splice(0, 1);
    end();
    await vi.waitFor(() => vi.advanceTimersByTime(300));
    await vi.waitFor(() => {
      vi.advanceTimersByTime(300);
      expect(noticed).toHaveBeenCalledTimes(1);
    });
  });

  it('tells of what happened between two steps that look at the same, and of nothing older', async () => {
    const {kube, objects} = cluster([item('reviews', '1')]);
    const notice = createNotice({openKube: async () => kube, debounce: 300, retry: 0});
    const step = async () => {
      const noticed = vi.fn();
      const ended = new AbortController();
      notice([condition], noticed, ended.signal);
      await vi.advanceTimersByTimeAsync(1000);
      ended.abort();
      return noticed;
    };
    expect(await step()).not.toHaveBeenCalled();
    objects.push(item('details', '2'));
    expect(await step()).toHaveBeenCalledTimes(1);
    expect(await step()).not.toHaveBeenCalled();
    // A step that looks at nothing is no witness.
    notice([], () => {}, stop.signal);
    objects.push(item('ratings', '3'));
    expect(await step()).not.toHaveBeenCalled();
  });

  it('ends with its signal', async () => {
    const {kube, tell} = cluster([]);
    const noticed = await noticing(kube);
    tell({type: 'ADDED', object: item('reviews', '1')});
    stop.abort();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(noticed).not.toHaveBeenCalled();
  });
});
