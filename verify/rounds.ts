import type {Observation, Visitor} from './observation.ts';
import {isStartUpLoad, type Settled, type SettleOptions, settle, worstOf} from './settle.ts';
import {leakStatement} from './split.ts';

/** What every proof by loads of the page has in common. */
export interface LoadsOptions extends Omit<SettleOptions, 'round'> {
  visitors: readonly Visitor[];
  /** One load of the page; never throws. */
  load(visitor: Visitor): Promise<Observation>;
  /** Told each load as it ends; when that gives a promise, the visitor's next load waits for it. */
  onLoad?(event: {phase: 'settle' | 'prove'; observation: Observation; right: boolean}): unknown;
}

export interface RoundsOptions extends LoadsOptions {
  /** Is this the answer that is wanted of this visitor? */
  isRight(observation: Observation): boolean;
  /** Loads of each visitor that must all be right. */
  loads: number;
}

export interface VisitorResult {
  visitor: Visitor;
  outcome: 'passed' | 'failed' | 'unknown';
  right: number;
  loads: number;
  /** The one that decided: the first wrong one, else the first that failed, else the last. */
  observation: Observation;
}

export interface RoundsVerdict {
  outcome: 'passed' | 'failed' | 'unknown';
  visitors: readonly VisitorResult[];
  settled: Settled;
  /** What the verdict rests on; when passed, `30 loads exclude a leak above 14 % at 99 %`. */
  statement: string;
}

/** Answers that were all wrong so far: more of them would only take time. */
const hopeless = 3;

/** Settles by loading the page as every visitor, which proves nothing yet. */
export function settleLoads(
  options: LoadsOptions & {isRight(observation: Observation): boolean},
): Promise<Settled> {
  const {visitors, load, onLoad} = options;
  return settle({
    ...options,
    async round() {
      const kinds = await Promise.all(
        visitors.map(async visitor => {
          const observation = await load(visitor);
          const right = isRightLoad(options, observation);
          await onLoad?.({phase: 'settle', observation, right});
          if (right) return 'right';
          return isStartUpLoad(observation) ? 'unanswered' : 'wrong';
        }),
      );
      return worstOf(kinds);
    },
  });
}

/**
 * Settles, then proves: each visitor loads the page `loads` times, and one wrong answer is a failure. It never goes
 * back from proving to settling.
 *
 * @throws RangeError without visitors, and the signal's reason when it is aborted.
 */
export async function settleThenProve(options: RoundsOptions): Promise<RoundsVerdict> {
  if (options.visitors.length === 0) throw new RangeError('at least one visitor is needed');
  const settled = await settleLoads(options);
  const visitors = await Promise.all(options.visitors.map(visitor => prove(options, visitor)));
  options.signal?.throwIfAborted();
  const outcome = worst(visitors.map(({outcome}) => outcome));
  const total = visitors.reduce((sum, {loads}) => sum + loads, 0);
  const right = visitors.reduce((sum, result) => sum + result.right, 0);
  const unseen = visitors.find(result => result.outcome === 'unknown')?.observation.failure;
  const statement =
    outcome === 'passed'
      ? leakStatement(total)
      : outcome === 'unknown' && unseen !== undefined
        ? `the page could not be seen: ${unseen.message}`
        : `${right} of ${total} loads were right`;
  return {outcome, visitors, settled, statement};
}

async function prove(options: RoundsOptions, visitor: Visitor): Promise<VisitorResult> {
  const seen: {observation: Observation; right: boolean}[] = [];
  const wrong = () => seen.filter(({right}) => !right);
  while (seen.length < options.loads && !(seen.length >= hopeless && wrong().length === seen.length)) {
    options.signal?.throwIfAborted();
    const observation = await options.load(visitor);
    const right = isRightLoad(options, observation);
    await options.onLoad?.({phase: 'prove', observation, right});
    seen.push({observation, right});
  }
  const decisive =
    wrong().find(({observation}) => observation.failure === undefined) ?? wrong()[0] ?? seen.at(-1);
  if (decisive === undefined) throw new RangeError('at least one load is needed');
  const {observation} = decisive;
  const outcome = decisive.right ? 'passed' : observation.failure === undefined ? 'failed' : 'unknown';
  return {visitor, outcome, right: seen.length - wrong().length, loads: seen.length, observation};
}

function isRightLoad(
  options: {isRight(observation: Observation): boolean},
  observation: Observation,
): boolean {
  return observation.failure === undefined && options.isRight(observation);
}

/** A failure wins over what could not be seen. */
function worst(outcomes: readonly RoundsVerdict['outcome'][]): RoundsVerdict['outcome'] {
  if (outcomes.includes('failed')) return 'failed';
  return outcomes.includes('unknown') ? 'unknown' : 'passed';
}
