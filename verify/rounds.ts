import type {Observation, Visitor} from './observation.ts';
import {leakStatement} from './split.ts';

export interface RoundsOptions {
  visitors: readonly Visitor[];
  /** One load of the page; never throws. */
  load(visitor: Visitor): Promise<Observation>;
  /** Is this the answer that is wanted of this visitor? */
  isRight(observation: Observation): boolean;
  /** Has the configuration reached the proxies? Where nobody can tell, it stays false. */
  settled(): boolean | Promise<boolean>;
  /** Loads of each visitor that must all be right. */
  loads: number;
  /** How long wrong answers count as "not yet", in milliseconds from the start. */
  deadline: number;
  /** Milliseconds, from any origin. */
  now(): number;
  /** Waits between two rounds of which the first was wrong. */
  pause(milliseconds: number): Promise<void>;
  /** Told each load as it ends; when that gives a promise, the visitor's next load waits for it. */
  onLoad?(event: {phase: 'settle' | 'prove'; observation: Observation; right: boolean}): unknown;
  signal?: AbortSignal;
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
  /** What ended the settling. */
  settledBy: 'engine' | 'good-rounds' | 'deadline';
  /** Milliseconds until it was settled. */
  settledAfter: number;
  /** What the verdict rests on; when passed, `30 loads exclude a leak above 14 % at 99 %`. */
  statement: string;
}

const goodRoundsNeeded = 3;
const pauseAfterWrong = 200;
/** Answers that were all wrong so far: more of them would only take time. */
const hopeless = 3;

/**
 * Settles, then proves. While settling a wrong answer means "not yet"; it ends when the engine says so, after three
 * good rounds in a row, or at the deadline. Then each visitor loads the page `loads` times, and one wrong answer is a
 * failure. It never goes back from proving to settling.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function settleThenProve(options: RoundsOptions): Promise<RoundsVerdict> {
  const startedAt = options.now();
  const settledBy = await settle(options, startedAt);
  const settledAfter = options.now() - startedAt;
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
  return {outcome, visitors, settledBy, settledAfter, statement};
}

async function settle(options: RoundsOptions, startedAt: number): Promise<RoundsVerdict['settledBy']> {
  const {visitors, load, onLoad, signal} = options;
  let goodRounds = 0;
  while (!(await options.settled())) {
    if (options.now() - startedAt >= options.deadline) return 'deadline';
    const round = await Promise.all(
      visitors.map(async visitor => {
        const observation = await load(visitor);
        const right = isRightLoad(options, observation);
        await onLoad?.({phase: 'settle', observation, right});
        return right;
      }),
    );
    signal?.throwIfAborted();
    goodRounds = round.every(Boolean) ? goodRounds + 1 : 0;
    if (goodRounds === goodRoundsNeeded) return 'good-rounds';
    if (goodRounds === 0) await options.pause(pauseAfterWrong);
  }
  return 'engine';
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

function isRightLoad(options: RoundsOptions, observation: Observation): boolean {
  return observation.failure === undefined && options.isRight(observation);
}

/** A failure wins over what could not be seen. */
function worst(outcomes: readonly RoundsVerdict['outcome'][]): RoundsVerdict['outcome'] {
  if (outcomes.includes('failed')) return 'failed';
  return outcomes.includes('unknown') ? 'unknown' : 'passed';
}
