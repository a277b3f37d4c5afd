import {describe, expect, it} from 'vitest';
import type {Observation, SeenStars} from './observation.ts';
import {type RoundsOptions, settleThenProve} from './rounds.ts';

function observed(visitor: string, stars: SeenStars, failure?: Observation['failure']): Observation {
  return {
    visitor,
    stars,
    status: failure === undefined ? 200 : null,
    reviews: 2,
    filledStars: [],
    colours: [],
    markupColours: [],
    errors: [],
    pod: null,
    failedStatic: [],
    signedInAs: null,
    milliseconds: 40,
    ...(failure && {failure}),
  };
}

/** Time passes only by loading (40 ms) and pausing. */
function harness(
  answer: (visitor: string, load: number) => SeenStars | 'refused',
  over: Partial<RoundsOptions> = {},
) {
  let time = 0;
  const loads = new Map<string, number>();
  const phases: string[] = [];
  const options: RoundsOptions = {
    visitors: ['anonymous', 'jason'],
    async load(visitor) {
      const load = (loads.get(visitor) ?? 0) + 1;
      loads.set(visitor, load);
      time += 40;
      const stars = answer(visitor, load);
      return stars === 'refused'
        ? observed(visitor, 'unavailable', {code: 'connection-refused', message: 'nothing listens'})
        : observed(visitor, stars);
    },
    isRight: ({stars}) => stars === 'black',
    configured: () => false,
    loads: 10,
    bounds: {propagation: 15_000, startUp: 120_000},
    now: () => time,
    async pause(milliseconds) {
      time += milliseconds;
    },
    onLoad: ({phase}) => phases.push(phase),
    ...over,
  };
  return {options, loads, phases, time: () => time};
}

describe('settleThenProve', () => {
  it('proves behind one round when the engine says that it is settled', async () => {
    const {options, phases} = harness(() => 'black', {configured: () => true});
    const verdict = await settleThenProve(options);
    expect(verdict).toMatchObject({outcome: 'passed', settled: {by: 'engine'}});
    expect(phases).toEqual([...Array(2).fill('settle'), ...Array(20).fill('prove')]);
    expect(verdict.statement).toBe('20 loads exclude a leak above 21 % at 99 %');
  });

  it('takes wrong answers for "not yet" until three rounds in a row are good', async () => {
    const {options, phases} = harness((_visitor, load) => (load <= 4 || load === 6 ? 'none' : 'black'));
    const verdict = await settleThenProve(options);
    expect(verdict).toMatchObject({outcome: 'passed', settled: {by: 'good-rounds'}});
    expect(phases.filter(phase => phase === 'settle')).toHaveLength(2 * 9);
  });

  it("waits with a visitor's next load for what the listener promises", async () => {
    const order: string[] = [];
    const {options} = harness(() => 'black', {configured: () => true, loads: 2, visitors: ['jason']});
    await settleThenProve({
      ...options,
      load(visitor) {
        order.push('load');
        return options.load(visitor);
      },
      async onLoad() {
        await new Promise(resolve => setImmediate(resolve));
        order.push('told');
      },
    });
    expect(order).toEqual(Array(3).fill(['load', 'told']).flat());
  });

  it('fails for one wrong answer while proving, and says k of n', async () => {
    const {options} = harness((visitor, load) => (visitor === 'jason' && load === 8 ? 'red' : 'black'), {
      configured: () => true,
    });
    const verdict = await settleThenProve(options);
    expect(verdict.outcome).toBe('failed');
    expect(verdict.visitors[1]).toMatchObject({
      visitor: 'jason',
      outcome: 'failed',
      right: 9,
      loads: 10,
      observation: {stars: 'red'},
    });
    expect(verdict.visitors[0]).toMatchObject({outcome: 'passed', right: 10});
  });

  it('gives up settling at the deadline and stops where everything is wrong', async () => {
    const {options, time} = harness(() => 'none');
    const verdict = await settleThenProve(options);
    expect(verdict).toMatchObject({
      outcome: 'failed',
      settled: {by: 'propagation'},
      statement: '0 of 6 loads were right',
    });
    expect(time()).toBeLessThan(16_000);
  });

  it('does not call unreachable wrong, nor right', async () => {
    const refused = harness(() => 'refused', {configured: () => true, starting: async () => []});
    expect(await settleThenProve(refused.options)).toMatchObject({
      outcome: 'unknown',
      statement: 'the page could not be seen: nothing listens',
    });
    const both = harness(
      (visitor, load) => (visitor === 'jason' ? (load === 2 ? 'refused' : 'red') : 'black'),
      {configured: () => true, starting: async () => []},
    );
    const verdict = await settleThenProve(both.options);
    expect(verdict.outcome).toBe('failed');
    expect(verdict.visitors[1]?.observation.stars).toBe('red');
  });

  it('proves nothing for nobody', async () => {
    await expect(settleThenProve(harness(() => 'black', {visitors: []}).options)).rejects.toThrow(RangeError);
  });

  it('ends when it is aborted', async () => {
    const abort = new AbortController();
    const {options} = harness(
      (_visitor, load) => {
        if (load === 3) abort.abort(new Error('enough'));
        return 'none';
      },
      {signal: abort.signal},
    );
    await expect(settleThenProve(options)).rejects.toThrow('enough');
  });
});
