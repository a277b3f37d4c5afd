import {describe, expect, it} from 'vitest';
import type {ProxyState} from '../engines/port.ts';
import {createRoutedWatch, mayChangeRouting, watchRouted} from './routed.ts';

const states = (...sent: readonly string[]): readonly ProxyState[] =>
  sent.map((text, index) => ({
    proxy: `p${index}`,
    sent: text.replace('!', ''),
    settled: !text.endsWith('!'),
  }));

/** Proxies that answer these states one after the other, 10 ms for each question. */
async function routedAfter(...answers: readonly (readonly ProxyState[] | undefined)[]) {
  let time = 0;
  let asked = 0;
  const watch = watchRouted(
    'kubectl apply -f route.yaml',
    {
      proxies: async () => {
        time += 10;
        return answers[Math.min(asked++, answers.length - 1)];
      },
      now: () => time,
      pause: async milliseconds => {
        time += milliseconds;
      },
    },
    new AbortController().signal,
  );
  return watch?.finished();
}

describe('the time until a change is routed', () => {
  it('ends with the last proxy that has it', async () => {
    expect(
      await routedAfter(
        states('1', '1'),
        states('1', '1'),
        states('2!', '1'),
        states('2', '1'),
        states('2', '2!'),
        states('2', '2'),
        states('2', '2'),
      ),
    ).toEqual({milliseconds: 150, proxies: 2});
  });

  it('is none where no proxy gets anything, or nobody can tell', async () => {
    expect(await routedAfter(states('1', '1'))).toBeUndefined();
    expect(await routedAfter(undefined)).toBeUndefined();
    expect(await routedAfter(states('1'), undefined)).toBeUndefined();
  });

  it('is not told of a command once the next one began', async () => {
    let sent = '1';
    const watch = createRoutedWatch({proxies: async () => states(sent), now: () => 0, pause: async () => {}});
    const {signal} = new AbortController();
    const first = watch('kubectl apply -f a.yaml', signal);
    const second = watch('kubectl apply -f b.yaml', signal);
    sent = '2';
    expect(await first?.finished()).toBeUndefined();
    expect(await second?.finished()).toEqual({milliseconds: 0, proxies: 1});
  });

  it('is told also where the question before a command is answered behind it', async () => {
    let sent = '1';
    let time = 0;
    let held: Promise<void> | undefined;
    const watch = createRoutedWatch({
      async proxies() {
        await held;
        return states(sent);
      },
      now: () => time,
      pause: async milliseconds => {
        time += milliseconds;
      },
    });
    const {signal} = new AbortController();
    const first = watch('kubectl apply -f a.yaml', signal);
    await new Promise(resolve => setImmediate(resolve));
    sent = '2';
    expect(await first?.finished()).toMatchObject({proxies: 1});
    let answer = () => {};
    held = new Promise(resolve => {
      answer = resolve;
    });
    const second = watch('kubectl apply -f b.yaml', signal);
    sent = '3';
    const told = second?.finished();
    answer();
    expect(await told).toMatchObject({proxies: 1});
  });

  it.each([
    ['kubectl apply -n bookinfo -f reviews.yaml', true],
    ['echo x && kubectl delete virtualservice reviews -n bookinfo', true],
    ['kubectl get virtualservices', false],
    ['kubectl apply -f a.yaml --dry-run=server', false],
    ['helm list', false],
  ])('is asked for after %s: %s', (text, wanted) => {
    expect(mayChangeRouting(text)).toBe(wanted);
  });
});
