import {afterEach, describe, expect, it} from 'vitest';
import {bookinfoImages} from '../bookinfo/images.ts';
import {seededRandom} from '../clock.ts';
import type {KubeObject, Pod} from '../objects.ts';
import {createPace} from '../pace.ts';
import {createFakeClient} from '../testing/fake-client.ts';
import {inMemoryNetwork} from '../testing/in-memory-network.ts';
import {manualClock, pass} from '../testing/manual-clock.ts';
import {startKubelet} from './start.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function boot() {
  const clock = manualClock();
  const client = createFakeClient({clock, random: seededRandom(2)});
  const network = inMemoryNetwork();
  const kubelet = startKubelet({
    client,
    network,
    images: bookinfoImages(),
    clock,
    random: seededRandom(3),
    pace: createPace({settings: {name: 'real'}, random: seededRandom(4)}),
  });
  ends.push(() => kubelet.close());
  const messages = (reason: string) =>
    client.list('events').flatMap(event => (event['reason'] === reason ? [String(event['message'])] : []));
  return {client, clock, kubelet, network, messages};
}

const image = (name: string) => `registry.istio.io/release/examples-bookinfo-${name}:1.20.3`;
const pod = (name: string, of: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name, namespace: 'shop'},
  spec: {containers: [{name: 'app', image: image(of), imagePullPolicy: 'IfNotPresent', ...more}]},
});
const isReady = (object: Pod) =>
  object.status.conditions?.some(({type, status}) => type === 'Ready' && status === 'True') ?? false;
/** `Pulled ... in 6.1s (12.3s including waiting)`: the two times, in seconds. */
const times = (message = ''): number[] =>
  [...message.matchAll(/([\d.]+)(ms|s)\b/g)].map(
    ([, amount, unit]) => Number(amount) / (unit === 'ms' ? 1000 : 1),
  );

describe('at the pace of a real cluster', () => {
  it('images arrive one after the other, and say how long that took', async () => {
    const {client, clock, messages} = boot();
    client.create('pods', pod('one', 'reviews-v1'));
    client.create('pods', pod('two', 'details-v1'));
    await pass(clock, 1000);
    const waiting = client.list<Pod>('pods').map(({status}) => status.containerStatuses?.[0]?.state);
    expect(waiting).toEqual([
      {waiting: {reason: 'ContainerCreating'}},
      {waiting: {reason: 'ContainerCreating'}},
    ]);
    expect(messages('Pulling')).toHaveLength(2);
    expect(messages('Pulled')).toEqual([]);
    await pass(clock, 10_000);
    expect(client.list<Pod>('pods').every(isReady)).toBe(true);
    const sizes = {'reviews-v1': 265_000_000, 'details-v1': 54_000_000};
    const pulled = messages('Pulled');
    for (const [name, size] of Object.entries(sizes)) {
      const words = `-${name}:1\\.20\\.3" in [\\d.]+s \\([\\d.]+s including waiting\\)\\. Image size: ${size} bytes\\.$`;
      expect(pulled).toContainEqual(expect.stringMatching(new RegExp(words)));
    }
    const [first, second] = pulled;
    const [own = 0, whole = 0] = times(first);
    expect(own).toBe(whole);
    const [after = 0, wholeAfter = 0] = times(second);
    expect(wholeAfter).toBeGreaterThan(after + own - 0.2);
  });

  it('an image that the node has costs nothing, unless its registry has to be asked each time', async () => {
    const {client, clock, messages} = boot();
    const started = async (name: string, more: object) => {
      client.create('pods', pod(name, 'details-v1', more));
      await pass(clock, 4000);
      return messages('Pulled').at(-1);
    };
    await started('first', {});
    expect(await started('again', {})).toContain('already present on machine');
    const asked = await started('asking', {imagePullPolicy: 'Always'});
    expect(asked).toContain('Successfully pulled');
    expect(times(asked)[0]).toBeLessThan(1);
  });

  it('a container runs and is ready long before reviews answers, and refuses until then', async () => {
    const {client, clock, network, kubelet} = boot();
    client.create('pods', pod('reviews', 'reviews-v2'));
    await pass(clock, 8000);
    const [{metadata, status}] = client.list<Pod>('pods') as [Pod];
    expect(status.conditions?.find(({type}) => type === 'Ready')?.status).toBe('True');
    const answers = () =>
      network
        .attachment(metadata.uid ?? '')
        ?.dialLocal(9080)
        .then(
          connection => {
            connection.destroy();
            return 'accepted';
          },
          error => error.code,
        );
    const log = () =>
      kubelet
        .container(metadata.uid ?? '', 'app')
        ?.logs.read({previous: false})
        ?.map(({text}) => text);
    expect(await answers()).toBe('ECONNREFUSED');
    // Its image had come after 6 s.
    await pass(clock, 9000);
    expect(await answers()).toBe('ECONNREFUSED');
    expect(log()).toEqual(['app starts']);
    await pass(clock, 10_000);
    expect(await answers()).toBe('accepted');
    expect(log()).toEqual(['app starts', 'reviews listens on port 9080']);
  });

  it('probes come when they are written, not before', async () => {
    const {client, clock} = boot();
    const readinessProbe = {
      httpGet: {port: 9080, path: '/health'},
      initialDelaySeconds: 5,
      periodSeconds: 20,
    };
    client.create('pods', pod('details', 'details-v1', {readinessProbe}));
    const ready = () => client.list<Pod>('pods').some(isReady);
    // Its image needs 2 s at most, its program 4 s: one probe is too early, or comes just in time.
    await pass(clock, 6000);
    expect(ready()).toBe(false);
    await pass(clock, 30_000);
    expect(ready()).toBe(true);
  });

  it('a program that is stopped while it starts never answers', async () => {
    const {client, clock, kubelet} = boot();
    client.create('pods', pod('reviews', 'reviews-v1'));
    await pass(clock, 8000);
    const [{metadata}] = client.list<Pod>('pods') as [Pod];
    client.delete('pods', 'reviews', {namespace: 'shop'});
    await pass(clock, 1000);
    expect(client.list('pods')).toEqual([]);
    expect(kubelet.container(metadata.uid ?? '', 'app')).toBeUndefined();
    // What the node does for itself is all that is left to wait for.
    expect(clock.pending).toBe(1);
  });
});
