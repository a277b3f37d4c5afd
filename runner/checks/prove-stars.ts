import {type MixOptions, proveSeen, proveSplit} from '../../verify/mixes.ts';
import type {Observation} from '../../verify/observation.ts';
import {settleThenProve} from '../../verify/rounds.ts';
import type {Settled, SettleOptions} from '../../verify/settle.ts';
import type {StarsWanted} from '../catalog/lab.ts';
import type {Observed} from './context.ts';
import type {Verdict} from './result.ts';
import {starsWord} from './stars-word.ts';
import type {Tally} from './tally.ts';
import {visitorsOf} from './wanted.ts';

/** Loads of all visitors together, for a mix and for stars that must all be seen. */
const mixLimit = 2000;
const seenLimit = 60;

export interface ProveOptions {
  settling: Omit<SettleOptions, 'round'>;
  /** Loads of each visitor that must all be right. */
  loads: number;
  onLoad?: ((observed: Observed) => void) | undefined;
}

/** Settles, and proves by loads of the page that the stars are those that are wanted. */
export function proveStars(wanted: StarsWanted, options: ProveOptions, looking: Looking): Promise<Proof> {
  return wanted.mode === 'each' ? proveEach(wanted, options, looking) : proveMix(wanted, options, looking);
}

/** Loads of all visitors together after which a proof is over at the latest. */
export function mostLoads(wanted: StarsWanted, each: number): number {
  const {length} = visitorsOf(wanted);
  return {each: each * length, mix: mixLimit, seen: seenLimit}[wanted.mode];
}

export interface Proof {
  verdict: Verdict;
  seen: string;
  statement: string;
  settled: Settled;
}

export interface Looking {
  load(visitor: string): Promise<Observation>;
  tally: Tally;
  /** Keeps how the visitor's page looks now. */
  keep(visitor: string): Promise<void>;
}

async function proveEach(
  wanted: StarsWanted & {mode: 'each'},
  options: ProveOptions,
  {load, tally, keep}: Looking,
): Promise<Proof> {
  const rounds = await settleThenProve({
    ...options.settling,
    visitors: Object.keys(wanted.visitors),
    load,
    isRight: observation => observation.stars === wanted.visitors[observation.visitor],
    loads: options.loads,
    onLoad: ({phase, observation, right}) => {
      tally.add(observation, right, phase === 'prove');
      options.onLoad?.({phase, observation, right});
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
  options: ProveOptions,
  {load, tally}: Omit<Looking, 'keep'>,
): Promise<Proof> {
  const common: Omit<MixOptions, 'limit'> = {
    ...options.settling,
    visitors: wanted.visitors,
    load,
    onLoad: ({phase, observation, right}) => {
      tally.add(observation, right, phase === 'prove');
      options.onLoad?.({phase, observation, right});
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
