import type {SeenStars} from '../../verify/observation.ts';
import type {Settled} from '../../verify/settle.ts';
import type {Remedy} from '../errors.ts';
import type {WantedPage} from '../istio/causes/page-rightness.ts';
import type {PageWay} from '../istio/way/way.ts';

export type {PageWay, WantedPage};

export type Verdict = 'passed' | 'failed' | 'unknown';

/** One visitor's line in the table of the product page. */
export interface VisitorRow {
  visitor: string;
  expected: string;
  /** Filled stars of each review of the last load, for drawing. */
  stars: readonly number[];
  seen: string;
  /** Good loads of all loads in the proof. */
  good: number;
  loads: number;
  /** Versions by the pods' own labels, `v1`; absent when that witness was not available. */
  version?: string;
  /** Versions by the caller's metrics, `v1 12`. */
  metrics?: string;
  remark?: string;
  milliseconds?: number;
}

/** How the reviews looked to a visitor at the load that the check ended with: the first wrong one, else the last. */
export interface ReviewsPicture {
  visitor: string;
  stars: SeenStars;
  /** By the pod's own label, `v1`; absent when that was not available. */
  version?: string;
  /** A PNG; it is written right behind the check, and stays until the next one of the page. */
  path: string;
  /** The page's HTML, where the verdict is not that all was well. */
  html?: string;
}

/** A trace of loads that were repeated right after a failure: what failed itself can't be recorded afterwards. */
export interface LoadTrace {
  visitor: string;
  /** A Playwright trace. */
  path: string;
  /** What each of the repeated loads showed. */
  loads: readonly string[];
}

/** The end of what a pod's proxy has logged. */
export interface ProxyLog {
  pod: string;
  container: string;
  lines: readonly string[];
}

/** Why a condition failed, as far as the mesh's configuration tells. */
export type Explanation = Pick<ConditionResult, 'why' | 'way'>;

/** A ranked diagnosis: what is wrong, on which object, and the line that mends it. */
export interface Diagnosis {
  /** A code of the closed list of causes. */
  code: string;
  sentence: string;
  /** What to look at to see it. */
  look?: string;
  /** `VirtualService bookinfo/reviews`. */
  object?: string;
  /** `spec.http[0].match[0].headers.end-user.exact: "Jason" -> "jason"`. */
  fix?: string;
  /** What to type to look at it or to mend it. */
  command?: string;
  /** What `istioctl analyze` says of it: `IST0101`. */
  analysis?: string;
  /** The line of the learner's file that it is about. */
  place?: {file: string; line: number};
  /** A further mistake, which bites once those before it are mended. */
  behind?: boolean;
}

export interface ConditionResult {
  verdict: Verdict;
  /** What is checked, in a few words: `stars black for every visitor`. */
  label: string;
  expected: string;
  seen: string;
  milliseconds: number;
  /** Of a proof by loads: how long it took to settle before, in milliseconds, and what ended that. */
  settled?: Settled;
  rows?: readonly VisitorRow[];
  /** Where evidence is kept: one for each visitor that a page came for. */
  pictures?: readonly ReviewsPicture[];
  /** Where evidence of each check is kept, of one that failed. */
  traces?: readonly LoadTrace[];
  proxyLogs?: readonly ProxyLog[];
  /** Statements about the proof: loads, excluded leak, split. */
  notes?: readonly string[];
  why?: readonly Diagnosis[];
  /** Of a page that is not as it should be: its way, for the first visitor that it is wrong for. */
  way?: PageWay;
  /** Of the stars: what each visitor should see, for who looks at the mesh later. */
  wanted?: readonly WantedPage[];
  remedies?: readonly Remedy[];
}

/** Several conditions make one verdict: a failure outweighs what could not be seen. */
export function verdictOf(results: readonly {verdict: Verdict}[]): Verdict {
  if (results.some(result => result.verdict === 'failed')) return 'failed';
  return results.some(result => result.verdict === 'unknown') ? 'unknown' : 'passed';
}
