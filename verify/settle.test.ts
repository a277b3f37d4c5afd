import {describe, expect, it} from 'vitest';
import type {Observation} from './observation.ts';
import {
  isStartUpLoad,
  type RoundKind,
  type SettleOptions,
  settle,
  type Waiting,
  waitingText,
} from './settle.ts';

/** Time passes by rounds (40 ms) and pauses alone. */
function harness(answer: (milliseconds: number) => RoundKind, over: Partial<SettleOptions> = {}) {
  let time = 0;
  const waits: Waiting[] = [];
  const options: SettleOptions = {
    async round() {
      time += 40;
      return answer(time);
    },
    configured: () => false,
    bounds: {propagation: 15_000, startUp: 120_000},
    now: () => time,
    async pause(milliseconds) {
      time += milliseconds;
    },
    onWait: waiting => void waits.push(waiting),
    ...over,
  };
  return {options, waits, time: () => time};
}

describe('settled', () => {
  it('is what the engine says, once everybody who should answer does', async () => {
    const {options, waits} = harness(() => 'right', {
      configured: () => true,
      starting: async () =>
        waits.length < 3 ? ['reviews-v2-7d started 9 s ago and does not answer yet'] : [],
    });
    expect(await settle(options)).toMatchObject({by: 'engine'});
    expect(waits).toHaveLength(3);
  });

  it('waits for who starts although the answers were right by chance', async () => {
    const {options, time} = harness(() => 'right', {
      starting: async () => (time() < 20_000 ? ['reviews-v2-7d started and does not answer yet'] : []),
    });
    expect((await settle(options)).by).toBe('good-rounds');
    expect(time()).toBeGreaterThan(20_000);
  });

  it('waits for a minute of no answers where nobody can tell who starts', async () => {
    const {options, time, waits} = harness(at => (at < 60_000 ? 'unanswered' : 'right'));
    expect((await settle(options)).by).toBe('good-rounds');
    expect(time()).toBeLessThan(61_000);
    expect(new Set(waits.map(waiting => waiting.for))).toEqual(new Set(['start-up']));
  });

  it('gives up a start-up at its bound', async () => {
    const {options, time} = harness(() => 'unanswered');
    expect((await settle(options)).by).toBe('start-up');
    expect(time()).toBeGreaterThanOrEqual(120_000);
    expect(time()).toBeLessThan(121_000);
  });

  it('waits for no start-up where nobody is starting', async () => {
    const sandbox = harness(() => 'unanswered', {configured: () => true, starting: async () => []});
    expect(await settle(sandbox.options)).toEqual({by: 'engine', after: 40});
    const real = harness(() => 'unanswered', {starting: async () => []});
    expect((await settle(real.options)).by).toBe('propagation');
    expect(real.time()).toBeLessThan(16_000);
  });

  it('knows a wrong answer at once where the engine says so, and at the bound where not', async () => {
    const told = harness(() => 'wrong', {configured: () => true, starting: async () => []});
    expect(await settle(told.options)).toEqual({by: 'engine', after: 40});
    const untold = harness(() => 'wrong');
    expect((await settle(untold.options)).by).toBe('propagation');
    expect(untold.time()).toBeGreaterThanOrEqual(15_000);
    expect(untold.waits.every(waiting => waiting.for === 'propagation')).toBe(true);
  });

  it('gives the propagation its whole bound behind a start-up', async () => {
    const {options, time} = harness(at => (at < 30_000 ? 'unanswered' : at < 40_000 ? 'wrong' : 'right'));
    expect((await settle(options)).by).toBe('good-rounds');
    expect(time()).toBeLessThan(41_000);
  });

  it('takes no answer right behind a start-up for an echo of it', async () => {
    const {options, time} = harness(at => (at < 10_500 ? 'unanswered' : 'right'), {
      configured: () => true,
      starting: async () => (time() < 10_000 ? ['reviews-v2-7d started and does not answer yet'] : []),
    });
    expect((await settle(options)).by).toBe('engine');
    expect(time()).toBeGreaterThan(10_500);
  });

  it('ends when it is aborted', async () => {
    const abort = new AbortController();
    const {options} = harness(() => {
      abort.abort(new Error('enough'));
      return 'wrong';
    });
    await expect(settle({...options, signal: abort.signal})).rejects.toThrow('enough');
  });
});

describe('a round that takes long', () => {
  const slow = async (starting: SettleOptions['starting'] | undefined): Promise<readonly Waiting[]> => {
    const turn = () => new Promise<void>(resolve => setImmediate(resolve));
    const {options, waits} = harness(() => 'right', {
      configured: () => true,
      ...(starting ? {starting} : {}),
      async meanwhile(work, tick) {
        tick();
        await turn();
        return work;
      },
    });
    await settle({
      ...options,
      async round() {
        await turn();
        await turn();
        return options.round();
      },
    });
    return waits;
  };

  it('says meanwhile who starts', async () => {
    const who = ['reviews-v2-7d started 9 s ago and does not answer yet'];
    // By the end of the round it answers.
    expect(await slow(async round => (round === 'unanswered' ? who : []))).toEqual([
      {for: 'start-up', who, elapsed: 0, bound: 120_000},
    ]);
  });

  it('says that the page does not answer where nobody can tell who starts, and nothing where nobody does', async () => {
    expect(await slow(undefined)).toMatchObject([{for: 'start-up', who: []}]);
    expect(await slow(async () => [])).toEqual([]);
  });
});

it('says whom it waits for, and for how long at most', () => {
  const who = ['reviews-v2-7d started 9 s ago and does not answer yet'];
  const waiting = {elapsed: 3_400, bound: 120_000};
  expect(waitingText({for: 'start-up', who, ...waiting})).toBe(
    'reviews-v2-7d started 9 s ago and does not answer yet (waiting for 3 s of at most 120 s)',
  );
  expect(waitingText({for: 'propagation', who: [], elapsed: 1_000, bound: 15_000})).toBe(
    'not as wanted yet: the change may still be on its way (waiting for 1 s of at most 15 s)',
  );
});

describe('a load that could come from a start-up', () => {
  const shown: Observation = {
    visitor: 'jason',
    stars: 'unavailable',
    status: 200,
    reviews: 2,
    filledStars: [],
    colours: [],
    markupColours: [],
    errors: [],
    pod: 'reviews-v2-7d',
    failedStatic: [],
    signedInAs: null,
    milliseconds: 40,
  };
  it.each<[string, boolean, Partial<Observation>]>([
    ['nobody listens', true, {status: null, failure: {code: 'connection-refused', message: ''}}],
    ['the connection is cut', true, {status: null, failure: {code: 'connection-closed', message: ''}}],
    ['502', true, {status: 502}],
    ['503', true, {status: 503}],
    ['504', true, {status: 504}],
    ["the page's own error", true, {reviews: 0, errors: ['Error fetching product reviews!']}],
    ['ratings that do not answer', true, {errors: ['Ratings service is currently unavailable']}],
    ['404', false, {status: 404}],
    ['stars of another colour', false, {stars: 'red'}],
    ['stars without their style sheet', false, {colours: ['rgb(0, 0, 0)'], markupColours: ['red']}],
    ['a browser that is gone', false, {status: null, failure: {code: 'browser-gone', message: ''}}],
  ])('%s: %s', (_what, expected, over) => {
    expect(isStartUpLoad({...shown, ...over})).toBe(expected);
  });
});
