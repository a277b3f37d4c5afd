import {describe, expect, it} from 'vitest';
import type {Observation, SeenStars, VisitorPage} from '../../verify/observation.ts';
import type {StarsWanted} from '../catalog/lab.ts';
import type {CheckContext, Partial as Told} from './context.ts';
import {checkStars} from './stars.ts';
import {fakeContext, fakeKube, item} from './testing/fake-context.ts';

function observed(visitor: string, stars: SeenStars | 'refused', pod: string | null): Observation {
  const isSeen = stars !== 'unavailable' && stars !== 'refused';
  const failure = stars === 'refused' ? {code: 'connection-refused', message: 'Nothing listens.'} : undefined;
  return {
    visitor,
    stars: isSeen ? stars : 'unavailable',
    status: failure ? null : 200,
    reviews: isSeen ? 2 : 0,
    filledStars: [],
    colours: [],
    markupColours: [],
    errors: isSeen ? [] : ['Error fetching product reviews!'],
    pod,
    failedStatic: [],
    signedInAs: null,
    milliseconds: 1,
    ...(isSeen ? {} : {remark: 'Error fetching product reviews!'}),
    ...(failure ? {failure, remark: failure.message} : {}),
  };
}

const productpage = [
  item('Service', 'productpage', {spec: {selector: {app: 'productpage'}}}),
  item('Pod', 'productpage-v1-5c', {
    metadata: {labels: {app: 'productpage'}},
    status: {phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]},
  }),
  ...['v1', 'v2', 'v3'].map(version =>
    item('Pod', `reviews-${version}`, {metadata: {labels: {app: 'reviews', version}}}),
  ),
];

const podsByStars: Readonly<Record<string, string>> = {
  none: 'reviews-v1',
  black: 'reviews-v2',
  red: 'reviews-v3',
};

/** @param starting what is told of who starts, look by look; nobody behind the last one. */
async function check(
  wanted: StarsWanted,
  answer: (load: number) => SeenStars | 'refused',
  {
    starting = [],
    silent = [],
    pod = (stars: string) => podsByStars[stars] ?? null,
    ...over
  }: {
    starting?: readonly (readonly string[])[];
    silent?: readonly string[];
    pod?: (stars: string) => string | null;
  } & Partial<CheckContext> = {},
) {
  let loads = 0;
  let looks = 0;
  const told: Told[] = [];
  const page = (visitor: string): VisitorPage =>
    ({
      visitor,
      async load() {
        const stars = answer(loads++);
        return observed(visitor, stars, pod(stars));
      },
    }) as VisitorPage;
  const visitors = wanted.mode === 'each' ? Object.keys(wanted.visitors) : wanted.visitors;
  const context = fakeContext(
    fakeKube(() => productpage),
    {
      visits: {
        pages: async () => new Map(visitors.map(visitor => [visitor, page(visitor)])),
        forget: async () => {},
      },
      browsers: {
        lend: async () => ({description: 'a browser'}),
      } as unknown as CheckContext['browsers'],
      answering: {
        starting: async () => starting[looks++] ?? [],
        silent: async () => silent,
      },
      settled: async () => true,
      onProgress: partial => void told.push(partial),
      capabilities: {simulated: true, propagation: 500, startUp: 60_000, rollout: 0, ownsCluster: true},
      ...over,
    },
  );
  const place = {file: 'lab.md', line: 1};
  const result = await checkStars({kind: 'stars', wanted, via: 'productpage', place}, context);
  return {...result, loads, waits: told.flatMap(({waiting}) => (waiting ? [waiting.text] : []))};
}

const everybodyBlack: StarsWanted = {mode: 'each', visitors: {anonymous: 'black', jason: 'black'}};
const allSeen: StarsWanted = {mode: 'seen', stars: ['none', 'black', 'red'], visitors: ['anonymous']};
const half: StarsWanted = {
  mode: 'mix',
  shares: {none: 0, black: 1, red: 0},
  margin: 0.1,
  visitors: ['anonymous'],
};
const inTurn = (load: number): SeenStars => (['none', 'black', 'red'] as const)[load % 3] ?? 'none';
const starts = ['reviews-v2-7d started 9 s ago and does not answer yet'];

describe('the check of the stars', () => {
  it('proves what is settled', async () => {
    expect(await check(everybodyBlack, () => 'black')).toMatchObject({
      verdict: 'passed',
      loads: 22,
      waits: [],
    });
  });

  it.each<[string, StarsWanted, (load: number) => SeenStars]>([
    ['each', everybodyBlack, load => (load < 4 ? 'unavailable' : 'black')],
    ['seen', allSeen, load => (load < 2 ? 'unavailable' : inTurn(load))],
    ['mix', half, load => (load < 2 ? 'unavailable' : 'black')],
  ])('waits in the mode %s for who starts, and says whom', async (_mode, wanted, answer) => {
    const {verdict, waits} = await check(wanted, answer, {starting: [starts, starts]});
    expect(verdict).toBe('passed');
    expect(waits[0]).toBe(`${starts[0]} (waiting for 0 s of at most 60 s)`);
  });

  it('names who never answers, behind the bound of a start-up', async () => {
    const {verdict, seen} = await check(allSeen, () => 'unavailable', {
      starting: [starts],
      silent: ['reviews-v2-7d does not answer: it is 130 s old'],
      capabilities: {simulated: true, propagation: 0, startUp: 0, rollout: 0, ownsCluster: true},
    });
    expect(verdict).toBe('failed');
    expect(seen).toBe(
      'none 0, black 0, red 0 of 0 loads; Error fetching product reviews!; reviews-v2-7d does not answer: it is 130 s old',
    );
  });

  it('knows wrong stars of a pod that answers at once', async () => {
    const {verdict, waits, loads} = await check(everybodyBlack, () => 'red');
    expect({verdict, waits, loads}).toEqual({verdict: 'failed', waits: [], loads: 8});
  });

  it('waits for no start-up behind an error of the page while nobody starts', async () => {
    expect(await check(everybodyBlack, () => 'unavailable')).toMatchObject({verdict: 'failed', waits: []});
  });

  it('calls what could not be seen neither right nor wrong', async () => {
    expect((await check(everybodyBlack, () => 'refused')).verdict).toBe('unknown');
  });

  it.each<[string, StarsWanted, (load: number) => SeenStars, ((stars: string) => string | null)?]>([
    ['one wrong load of many', everybodyBlack, load => (load === 20 ? 'red' : 'black')],
    ['stars that one pod alone never shows', allSeen, load => (load % 2 ? 'none' : 'red')],
    ['a colour that nobody wants', {...allSeen, stars: ['none', 'black']}, inTurn],
    ['a share of another colour', half, load => (load % 10 === 9 ? 'red' : 'black')],
    ['no stars by an error', {mode: 'each', visitors: {jason: 'none'}}, () => 'unavailable'],
    ['stars of pods with another label', everybodyBlack, () => 'black', () => 'reviews-v3'],
  ])('does not pass with %s', async (_what, wanted, answer, pod) => {
    expect((await check(wanted, answer, pod ? {pod} : {})).verdict).toBe('failed');
  });
});
