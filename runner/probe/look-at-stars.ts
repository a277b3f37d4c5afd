import type {Observation} from '../../verify/observation.ts';
import type {Condition} from '../catalog/lab.ts';
import {contradictionIn} from '../checks/contradiction.ts';
import {diagnose, wantedPages} from '../checks/diagnose.ts';
import {mostLoads, proveStars} from '../checks/prove-stars.ts';
import type {ConditionResult, Explanation} from '../checks/result.ts';
import {pagesToRepeat} from '../checks/stars.ts';
import {createTally} from '../checks/tally.ts';
import {visitorsOf, wantedText} from '../checks/wanted.ts';
import {createVersionWitness, type VersionWitness} from '../checks/witnesses.ts';
import type {ProbeContext} from './context.ts';

type StarsCondition = Condition & {kind: 'stars'};

/**
 * Opens the page in a real browser as every visitor and judges the colour of the stars; with a kubeconfig, beside the
 * labels of the pods that the page names. What the caller's proxy counts is no witness here: others use the page too.
 */
export async function lookAtStars(
  condition: StarsCondition,
  context: ProbeContext,
): Promise<Omit<ConditionResult, 'milliseconds'>> {
  const {wanted} = condition;
  const {cluster, signal, browsers, settling, loads, onLoad, onProgress} = context;
  await context.evidence?.settled();
  const visitors = visitorsOf(wanted);
  const pages = await context.pages(visitors);
  const evidence = context.evidence?.begin(visitors);
  const witness = cluster ? createVersionWitness(cluster.kube.during(signal), cluster.namespace) : blind;
  const last = new Map<string, Observation>();
  const most = mostLoads(wanted, loads);
  const tally = createTally(witness, wanted, rows => {
    const done = rows.reduce((sum, row) => sum + row.loads, 0);
    onProgress({seen: done === 0 ? 'settling' : `${done} of at most ${most} loads`, rows});
  });
  const load = async (visitor: string): Promise<Observation> => {
    const page = pages.get(visitor);
    if (!page) throw new Error(`No page is open for the visitor "${visitor}".`);
    const observation = await page.load({signal});
    last.set(visitor, observation);
    return observation;
  };
  const keep = async (visitor: string): Promise<void> =>
    evidence?.take(pages.get(visitor), last.get(visitor));
  const proof = await proveStars(wanted, {settling, loads, onLoad}, {load, tally, keep});
  await tally.settled();
  const rows = tally.rows();
  const contradiction =
    proof.verdict === 'passed' && wanted.mode === 'each' ? contradictionIn(rows, undefined) : undefined;
  const verdict = contradiction ? 'failed' : proof.verdict;
  const pictures = await evidence?.finish({
    verdict,
    versionOf: pod => witness.versionOf(pod),
    lasts: visitors.map(visitor => [pages.get(visitor), last.get(visitor)] as const),
  });
  const traces =
    verdict === 'failed' ? await evidence?.retrace(pagesToRepeat(rows, pages), signal) : undefined;
  const labelled = rows.some(({version}) => version !== undefined);
  return {
    verdict,
    label: `stars ${wantedText(wanted)}`,
    expected: wantedText(wanted),
    seen: contradiction ?? proof.seen,
    settled: proof.settled,
    wanted: wantedPages(condition),
    rows,
    notes: [
      proof.statement,
      `seen by ${(await browsers.lend(signal)).description}; ${witnessesText(cluster !== undefined, labelled)}`,
    ],
    ...(pictures ? {pictures} : {}),
    ...(traces && traces.length > 0 ? {traces} : {}),
    ...(verdict === 'failed' ? await explained(condition, context, tally.failedStatic()) : {}),
    ...(verdict === 'unknown' ? {remedies: [`See whether the page answers: curl -v ${context.url}`]} : {}),
  };
}

/** Knows no pod: where nobody gave a kubeconfig. */
const blind: VersionWitness = {versionOf: async () => undefined};

function witnessesText(given: boolean, labelled: boolean): string {
  if (!given)
    return 'the colour is the only witness: with --context or --kubeconfig the labels of the pods would be another';
  return labelled
    ? 'witnesses are the colour and the labels of the pods'
    : 'the colour is the only witness: none of the pods that the page names was found in the cluster';
}

/** Why, as far as the mesh can be read; a cluster that does not tell takes nothing from the verdict. */
async function explained(
  condition: StarsCondition,
  {cluster, signal}: ProbeContext,
  failedStatic: readonly string[],
): Promise<Explanation> {
  if (!cluster) return {};
  try {
    return await diagnose(condition, {seen: '', failedStatic}, {kube: cluster.kube.during(signal)});
  } catch {
    return {};
  }
}
