import {describe, expect, it} from 'vitest';
import {type Clock, seededRandom} from '../../clock.ts';
import type {KubeObject} from '../../objects.ts';
import {createPace} from '../../pace.ts';
import {manualClock} from '../../testing/manual-clock.ts';
import {createMemoryClient} from '../testing/memory-client.ts';
import {createControlPlane} from './control-plane.ts';

/** A clock whose timers run when the test says so. */
function heldClock(): Clock & {run(): void} {
  const due: (() => void)[] = [];
  return {
    now: () => 0,
    after(_milliseconds, run) {
      due.push(run);
      return {cancel: () => void due.splice(due.indexOf(run), 1)};
    },
    run() {
      for (const run of due.splice(0)) run();
    },
  };
}

const virtualService = (name: string) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: {name, namespace: 'bookinfo'},
  spec: {hosts: ['reviews']},
});

describe('the control plane', () => {
  it('pushes to connected proxies only, and knows what they acknowledged', async () => {
    const client = createMemoryClient();
    const clock = heldClock();
    const controlPlane = createControlPlane({client, clock});
    const received: string[][] = [];
    controlPlane.register({
      uid: 'u1',
      name: 'reviews-v1',
      namespace: 'bookinfo',
      type: 'sidecar',
      version: '1.30.3',
      async receive(snapshot) {
        received.push(snapshot.config.map(({metadata}) => metadata.name));
      },
    });
    client.create('virtualservices.networking.istio.io', virtualService('a'));
    clock.run();
    expect(received).toEqual([]);

    const disconnect = controlPlane.connect('u1', 'istiod-1');
    expect(received).toEqual([['a']]);
    await Promise.resolve();
    expect(controlPlane.settled()).toBe(true);

    const {metadata}: KubeObject = client.create('virtualservices.networking.istio.io', virtualService('b'));
    expect(controlPlane.settled(metadata.resourceVersion)).toBe(false);
    clock.run();
    await Promise.resolve();
    expect(received.at(-1)).toEqual(['a', 'b']);
    expect(controlPlane.settled(metadata.resourceVersion)).toBe(true);
    expect(controlPlane.status()).toMatchObject([{proxy: 'reviews-v1.bookinfo', pilot: 'istiod-1'}]);

    disconnect();
    client.create('virtualservices.networking.istio.io', virtualService('c'));
    clock.run();
    expect(received.length).toBe(2);
  });

  it('at the pace of a real cluster, reaches each proxy at its own moment within 2 s', async () => {
    const client = createMemoryClient();
    const clock = manualClock();
    const pace = createPace({settings: {name: 'real'}, random: seededRandom(9)});
    const controlPlane = createControlPlane({client, clock, pace});
    const arrivals = new Map<string, number>();
    const uids = Array.from({length: 8}, (_, index) => `u${index}`);
    for (const uid of uids) {
      const proxy = {uid, name: uid, namespace: 'bookinfo', type: 'sidecar', version: '1.30.3'} as const;
      controlPlane.register({
        ...proxy,
        async receive({config}) {
          if (config.length > 0) arrivals.set(uid, clock.now() - changed);
        },
      });
      controlPlane.connect(uid, 'istiod-1');
    }
    await Promise.resolve();
    const changed = clock.now();
    client.create('virtualservices.networking.istio.io', virtualService('a'));
    clock.advance(99);
    expect(controlPlane.status().every(({sent, acknowledged}) => sent === acknowledged)).toBe(true);
    clock.advance(1);
    // istiod has sent it; who has not taken it over is known to be behind.
    expect(controlPlane.status().some(({sent, acknowledged}) => sent !== acknowledged)).toBe(true);
    clock.advance(900);
    expect(arrivals.size).toBeGreaterThan(0);
    expect(arrivals.size).toBeLessThan(uids.length);
    clock.advance(1000);
    await Promise.resolve();
    expect(new Set(arrivals.values()).size).toBe(uids.length);
    expect(controlPlane.settled()).toBe(true);
    controlPlane.close();
    expect(clock.pending).toBe(0);
  });
});
