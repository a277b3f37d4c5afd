import type {Observation, VisitorPage} from '../../verify/observation.ts';
import type {StarsWanted} from '../catalog/lab.ts';
import type {Answerers} from './answering.ts';
import type {CheckContext, Checker} from './context.ts';
import {contradictionIn, loadsByVersion, versionOfStars} from './contradiction.ts';
import {diagnose, wantedPages} from './diagnose.ts';
import {awaitPage} from './page-entry.ts';
import {mostLoads, proveStars} from './prove-stars.ts';
import type {ConditionResult, VisitorRow} from './result.ts';
import {podsOfApp, settling} from './settling.ts';
import {createTally} from './tally.ts';
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
  const {loads, onLoad} = context;
  const verdict = await proveStars(
    wanted,
    {settling: settling(context, answerersOf(wanted)), loads, onLoad},
    {load, tally, keep},
  );
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
export function pagesToRepeat(
  rows: readonly VisitorRow[],
  pages: ReadonlyMap<string, VisitorPage>,
): readonly VisitorPage[] {
  const wrong = rows.filter(({good, loads}) => good < loads);
  return (wrong.length > 0 ? wrong : rows.slice(0, 1)).flatMap(({visitor}) => pages.get(visitor) ?? []);
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
