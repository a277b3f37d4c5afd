import {describe, expect, it} from 'vitest';
import {type MixOptions, proveSeen, proveSplit} from './mixes.ts';
import type {Observation, SeenStars} from './observation.ts';

/** Pods take turns; time passes by loads (40 ms) and pauses alone. */
function harness(answer: (load: number, milliseconds: number) => SeenStars, over: Partial<MixOptions> = {}) {
  let time = 0;
  let loads = 0;
  const phases: string[] = [];
  const options: MixOptions = {
    visitors: ['anonymous', 'jason', 'john'],
    async load(visitor): Promise<Observation> {
      loads += 1;
      time += 40;
      const stars = answer(loads, time);
      const isError = stars === 'unavailable';
      return {
        visitor,
        stars,
        status: 200,
        reviews: isError ? 0 : 2,
        filledStars: [],
        colours: [],
        markupColours: [],
        errors: isError ? ['Error fetching product reviews!'] : [],
        pod: null,
        failedStatic: [],
        signedInAs: null,
        milliseconds: 40,
        ...(isError ? {remark: 'Error fetching product reviews!'} : {}),
      };
    },
    limit: 60,
    configured: () => false,
    bounds: {propagation: 15_000, startUp: 120_000},
    now: () => time,
    async pause(milliseconds) {
      time += milliseconds;
    },
    onLoad: ({phase}) => void phases.push(phase),
    ...over,
  };
  return {options, phases, time: () => time};
}

const turns: readonly SeenStars[] = ['none', 'black', 'red'];
const inTurn = (load: number): SeenStars => turns[load % 3] ?? 'none';

describe('stars that must all be seen', () => {
  it('are looked for once every version answers, though one takes a minute to start', async () => {
    const {options, phases} = harness((load, at) =>
      at < 60_000 && inTurn(load) === 'black' ? 'unavailable' : inTurn(load),
    );
    const verdict = await proveSeen({...options, wanted: ['none', 'black', 'red']});
    expect(verdict).toMatchObject({outcome: 'passed', settled: {by: 'good-rounds'}});
    expect(phases.lastIndexOf('settle')).toBeLessThan(phases.indexOf('prove'));
  });

  it('are missed by a version that never answers, behind the bound of a start-up', async () => {
    const {options, time} = harness(load => (inTurn(load) === 'black' ? 'unavailable' : inTurn(load)));
    const verdict = await proveSeen({...options, wanted: ['none', 'black', 'red']});
    expect(verdict).toMatchObject({outcome: 'failed', statement: 'Error fetching product reviews!'});
    expect(time()).toBeGreaterThan(120_000);
  });

  it('do not pass when one of them never comes, nor with another one', async () => {
    const rest = {configured: () => true, starting: async () => []};
    const one = harness(() => 'none', rest);
    expect((await proveSeen({...one.options, wanted: ['none', 'red']})).outcome).toBe('failed');
    const other = harness(inTurn, rest);
    expect((await proveSeen({...other.options, wanted: ['none', 'red']})).outcome).toBe('failed');
  });

  it('prove nothing for nobody, and nothing that nobody wants', async () => {
    await expect(proveSeen({...harness(inTurn, {visitors: []}).options, wanted: ['none']})).rejects.toThrow(
      RangeError,
    );
    await expect(proveSeen({...harness(inTurn).options, wanted: []})).rejects.toThrow(RangeError);
  });
});

describe('a mix', () => {
  it('settles before it counts', async () => {
    const {options} = harness((load, at) => (at < 5_000 ? 'unavailable' : inTurn(load)), {limit: 2000});
    const wanted = {shares: {none: 1, black: 1, red: 1}};
    expect(await proveSplit({...options, wanted})).toMatchObject({outcome: 'passed'});
  });

  it('fails for an answer that is wrong while it proves, and never goes back', async () => {
    const {options, phases} = harness((_load, at) => (at < 500 ? 'red' : 'unavailable'), {
      configured: () => true,
      starting: async () => [],
    });
    const verdict = await proveSplit({...options, wanted: {shares: {red: 1}}});
    expect(verdict.outcome).toBe('failed');
    expect(phases.slice(3)).not.toContain('settle');
  });
});
