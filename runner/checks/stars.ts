import {type MixOptions, proveSeen, proveSplit} from '../../verify/mixes.ts';
import type {Observation, VisitorPage} from '../../verify/observation.ts';
import {settleThenProve} from '../../verify/rounds.ts';
import type {Settled} from '../../verify/settle.ts';
import type {StarsWanted} from '../catalog/lab.ts';
import type {Answerers} from './answering.ts';
import type {CheckContext, Checker} from './context.ts';
import {contradictionIn, loadsByVersion, versionOfStars} from './contradiction.ts';
import {diagnose, wantedPages} from './diagnose.ts';
import {awaitPage} from './page-entry.ts';
import type {ConditionResult, VisitorRow} from './result.ts';
import {podsOfApp, settling} from './settling.ts';
import {starsWord} from './stars-word.ts';
import {createTally, type Tally} from './tally.ts';
import {lookUntilFinal} from './wait.ts';
import {starsIn, visitorsOf, wantedText} from './wanted.ts';
import {
  type CountedRequests,
  countedBetween,
  countedRequests,
  countsText,
  createVersionWitness,
  type RequestCounts,
} from './witnesses.ts';

/** Loads of all visitors together, for a mix and for stars that must all be seen. */
const mixLimit = 2000;
const seenLimit = 60;

type StarsCondition = Parameters<typeof checkStars>[0];
type Result = Omit<ConditionResult, 'milliseconds'>;

/**
 * Opens the product page in a real browser as every visitor at once and judges the colour of the stars, beside
 * two other witnesses: the pods' labels and the caller's metrics.
 */
export const checkStars: Checker<'stars'> = async (condition, context) => {
  const {kube, visits, signal} = context;
  // The pages must show the last check's loads until its pictures are taken.
  await context.evidence?.settled();
  const visitors = visitorsOf(condition.wanted);
  await awaitPage(context, condition.via);
  const pages = await visits.pages({kube, via: condition.via, visitors, signal});
  const result = await judge(condition, context, pages);
  if (result.verdict === 'unknown') {
    await context.evidence?.settled();
    await visits.forget();
  }
  return result;
};

async function judge(
  condition: StarsCondition,
  context: CheckContext,
  pages: ReadonlyMap<string, VisitorPage>,
): Promise<Result> {
  const {wanted} = condition;
  const evidence = context.evidence?.begin(visitorsOf(wanted));
  const witness = createVersionWitness(context.kube);
  const last = new Map<string, Observation>();
  const most = mostLoads(wanted, context.loads);
  const tally = createTally(witness, wanted, rows => {
    const loads = rows.reduce((sum, row) => sum + row.loads, 0);
    context.onProgress({seen: loads === 0 ? 'settling' : `${loads} of at most ${most} loads`, rows});
  });
  const load = async (visitor: string): Promise<Observation> => {
    const page = pages.get(visitor);
    if (!page) throw new Error(`No page is open for the visitor "${visitor}".`);
    const observation = await page.load({signal: context.signal});
    last.set(visitor, observation);
    return observation;
  };
  const keep = async (visitor: string): Promise<void> =>
    evidence?.take(pages.get(visitor), last.get(visitor));
  const before = await countedRequests(context.kube);
  const verdict =
    wanted.mode === 'each'
      ? await proveEach(wanted, context, {load, tally, keep})
      : await proveMix(wanted, context, {load, tally});
  await tally.settled();
  const rows = tally.rows();
  const counted = await countedSince(before, rows, context);
  const failedStatic = tally.failedStatic();
  const contradiction =
    verdict.verdict === 'passed' && wanted.mode === 'each' ? contradictionIn(rows, counted) : undefined;
  const silent =
    verdict.verdict === 'passed' ? [] : await context.answering.silent(context.kube, answerersOf(wanted));
  const result: Result = {
    verdict: contradiction ? 'failed' : verdict.verdict,
    label: `stars ${wantedText(wanted)}${condition.via === 'gateway' ? ' through the gateway' : ''}`,
    expected: wantedText(wanted),
    wanted: wantedPages(condition),
    seen: contradiction ?? [verdict.seen, ...silent].join('; '),
    settled: verdict.settled,
    rows,
    notes: [
      verdict.statement,
      `seen by ${(await context.browsers.lend(context.signal)).description}; requests to reviews by the caller's proxy: ${counted ? countsText(counted) : 'not available'}`,
    ],
  };
  const pictures = await evidence?.finish({
    verdict: result.verdict,
    versionOf: pod => witness.versionOf(pod),
    lasts: visitorsOf(wanted).map(visitor => [pages.get(visitor), last.get(visitor)] as const),
  });
  const shown = pictures ? {...result, pictures} : result;
  if (result.verdict !== 'failed') return shown;
  const traces = await evidence?.retrace(pagesToRepeat(rows, pages), context.signal);
  return {
    ...shown,
    ...(traces && traces.length > 0 ? {traces} : {}),
    ...(await diagnose(condition, {...result, failedStatic}, context)),
  };
}

/** Whose loads were wrong; where that can't be said of anybody, whoever is first. */
function pagesToRepeat(
  rows: readonly VisitorRow[],
  pages: ReadonlyMap<string, VisitorPage>,
): readonly VisitorPage[] {
  const wrong = rows.filter(({good, loads}) => good < loads);
  return (wrong.length > 0 ? wrong : rows.slice(0, 1)).flatMap(({visitor}) => pages.get(visitor) ?? []);
}

/** Loads of all visitors together after which a proof is over at the latest. */
function mostLoads(wanted: StarsWanted, each: number): number {
  const {length} = visitorsOf(wanted);
  return {each: each * length, mix: mixLimit, seen: seenLimit}[wanted.mode];
}

interface Proof {
  verdict: Result['verdict'];
  seen: string;
  statement: string;
  settled: Settled;
}

interface Looking {
  load(visitor: string): Promise<Observation>;
  tally: Tally;
  /** Keeps how the visitor's page looks now. */
  keep(visitor: string): Promise<void>;
}

async function proveEach(
  wanted: StarsWanted & {mode: 'each'},
  context: CheckContext,
  {load, tally, keep}: Looking,
): Promise<Proof> {
  const rounds = await settleThenProve({
    ...settling(context, answerersOf(wanted)),
    visitors: Object.keys(wanted.visitors),
    load,
    isRight: observation => observation.stars === wanted.visitors[observation.visitor],
    loads: context.loads,
    onLoad: ({phase, observation, right}) => {
      tally.add(observation, right, phase === 'prove');
      context.onLoad?.({phase, observation, right});
      return phase === 'prove' && !right ? keep(observation.visitor) : undefined;
    },
  });
  const deciding = rounds.visitors.find(visitor => visitor.outcome === rounds.outcome);
  const shown = rounds.visitors.map(({visitor, observation}) => `${visitor} ${starsWord(observation)}`);
  const all = new Set(rounds.visitors.map(({observation}) => starsWord(observation)));
  const words = all.size === 1 ? `${[...all][0]} for every visitor` : shown.join(', ');
  const remark = rounds.outcome === 'passed' ? undefined : deciding?.observation.remark;
  return {
    verdict: rounds.outcome,
    seen: [words, remark].filter(Boolean).join('; '),
    statement: rounds.statement,
    settled: rounds.settled,
  };
}

async function proveMix(
  wanted: StarsWanted & {mode: 'mix' | 'seen'},
  context: CheckContext,
  {load, tally}: Omit<Looking, 'keep'>,
): Promise<Proof> {
  const common: Omit<MixOptions, 'limit'> = {
    ...settling(context, answerersOf(wanted)),
    visitors: wanted.visitors,
    load,
    onLoad: ({phase, observation, right}) => {
      tally.add(observation, right, phase === 'prove');
      context.onLoad?.({phase, observation, right});
    },
  };
  const verdict =
    wanted.mode === 'mix'
      ? await proveSplit({...common, limit: mixLimit, wanted: {shares: wanted.shares, margin: wanted.margin}})
      : await proveSeen({...common, limit: seenLimit, wanted: wanted.stars});
  const counts = Object.entries(verdict.counts).map(([stars, count]) => `${stars} ${count}`);
  return {
    verdict: verdict.outcome,
    seen: [`${counts.join(', ')} of ${verdict.loads} loads`, verdict.observation?.remark]
      .filter(Boolean)
      .join('; '),
    statement: verdict.statement,
    settled: verdict.settled,
  };
}

/** Who should answer: the page, the versions of reviews whose stars are wanted, and ratings where there are stars. */
function answerersOf(wanted: StarsWanted): readonly Answerers[] {
  const stars = starsIn(wanted);
  return [
    podsOfApp('productpage'),
    ...stars.map(each => podsOfApp('reviews', versionOfStars[each])),
    ...(stars.some(each => each !== 'none') ? [podsOfApp('ratings')] : []),
  ];
}

/** The caller's count, once it has everything that was seen: a proxy may take a moment to count a request. */
async function countedSince(
  before: CountedRequests | undefined,
  rows: readonly VisitorRow[],
  {kube, time, signal}: CheckContext,
): Promise<RequestCounts | undefined> {
  if (!before) return undefined;
  const wanted = Object.entries(loadsByVersion(rows));
  return lookUntilFinal({
    patience: 1000,
    time,
    signal,
    look: async () => {
      const value = countedBetween(before, await countedRequests(kube));
      return {
        value,
        final: value === undefined || wanted.every(([version, loads]) => (value[version] ?? 0) >= loads),
      };
    },
  });
}
