import {describe, expect, it} from 'vitest';
import type {KubeItem} from '../engines/kube/kube.ts';
import {createAnswering} from './answering.ts';
import {fakeKube, item} from './testing/fake-context.ts';

const now = Date.parse('2026-11-30T10:02:00Z');
const reviews = {namespace: 'bookinfo', selector: 'app=reviews', asked: {port: 9080, path: '/health'}};

function pod(
  name: string,
  over: {startedAt?: string; ready?: boolean; waits?: string; restarts?: number; metadata?: object} = {},
): KubeItem {
  const {startedAt = '2026-11-30T10:01:51Z', ready = true, waits, restarts = 0, metadata} = over;
  return item('Pod', name, {
    metadata: {labels: {app: 'reviews'}, creationTimestamp: '2026-11-30T10:01:40Z', ...metadata},
    spec: {containers: [{name: 'istio-proxy'}, {name: 'reviews'}]},
    status: {
      phase: 'Running',
      conditions: [{type: 'Ready', status: ready ? 'True' : 'False'}],
      containerStatuses: [
        {name: 'istio-proxy', restartCount: 7, state: {running: {startedAt: '2026-11-30T10:00:00Z'}}},
        {
          name: 'reviews',
          restartCount: restarts,
          state: waits ? {waiting: {reason: waits}} : {running: {startedAt}},
        },
      ],
    },
  });
}

function answering(options: {answers?: () => Promise<boolean>; line?: string} = {}) {
  return createAnswering({
    startUp: 60_000,
    now: () => now,
    answers: options.answers ?? (async () => false),
    lastLine: async () => options.line,
  });
}

describe('who is starting', () => {
  it('is whoever runs and does not answer yet, and since when', async () => {
    const kube = fakeKube(() => [pod('reviews-v2-7d')]);
    expect(await answering().starting(kube, [reviews])).toEqual([
      'reviews-v2-7d started 9 s ago and does not answer yet',
    ]);
  });

  it('is whoever does not run yet, or is not ready yet', async () => {
    const kube = fakeKube(() => [pod('a', {waits: 'ContainerCreating'}), pod('b', {ready: false})]);
    expect(await answering({answers: async () => true}).starting(kube, [reviews])).toEqual([
      'a was made 20 s ago and does not run yet (ContainerCreating)',
      'b started 9 s ago and does not answer yet',
    ]);
  });

  it.each([
    ['answers', pod('a'), true],
    ['has had the time that a start takes', pod('a', {startedAt: '2026-11-30T10:00:59Z'}), false],
    ['ends again and again', pod('a', {waits: 'CrashLoopBackOff'}), false],
    ['gets no image', pod('a', {waits: 'ImagePullBackOff'}), false],
    [
      'is being deleted',
      pod('a', {metadata: {deletionTimestamp: '2026-11-30T10:01:59Z', labels: {app: 'reviews'}}}),
      false,
    ],
    ['is of somebody else', pod('a', {metadata: {labels: {app: 'ratings'}}}), false],
  ])('is nobody who %s', async (_what, one, answers) => {
    expect(
      await answering({answers: async () => answers}).starting(
        fakeKube(() => [one]),
        [reviews],
      ),
    ).toEqual([]);
  });

  it('asks nobody twice who has answered, until that starts anew', async () => {
    let asked = 0;
    let startedAt = '2026-11-30T10:01:51Z';
    const kube = fakeKube(() => [pod('a', {startedAt})]);
    const who = answering({
      async answers() {
        asked += 1;
        return true;
      },
    });
    for (let look = 0; look < 3; look += 1) await who.starting(kube, [reviews]);
    expect(asked).toBe(1);
    startedAt = '2026-11-30T10:01:58Z';
    await who.starting(kube, [reviews]);
    expect(asked).toBe(2);
  });

  it('counts as silent where asking fails', async () => {
    const kube = fakeKube(() => [pod('a')]);
    expect(
      await answering({answers: () => Promise.reject(new Error('refused'))}).starting(kube, [reviews]),
    ).toHaveLength(1);
  });
});

describe('who does not answer', () => {
  it('is named with age, restarts and the last line of its log', async () => {
    const kube = fakeKube(() => [pod('reviews-v2-7d', {restarts: 3})]);
    expect(await answering({line: 'Launching defaultServer'}).silent(kube, [reviews])).toEqual([
      'reviews-v2-7d does not answer: it is 20 s old, started 9 s ago, has restarted 3 times, the last line of its log is "Launching defaultServer"',
    ]);
  });

  it('is named where it does not run, and where it has logged nothing', async () => {
    const kube = fakeKube(() => [pod('a', {waits: 'CrashLoopBackOff', restarts: 1})]);
    expect(await answering().silent(kube, [reviews])).toEqual([
      'a does not answer: it is 20 s old, does not run (CrashLoopBackOff), has restarted once, has logged nothing',
    ]);
  });
});
