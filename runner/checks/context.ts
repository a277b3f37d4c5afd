import type {Observation, VisitorPage} from '../../verify/observation.ts';
import type {Waiting} from '../../verify/settle.ts';
import type {Condition, Via} from '../catalog/lab.ts';
import type {Kube} from '../engines/kube/kube.ts';
import type {Capabilities} from '../engines/port.ts';
import type {ProcessRunner} from '../processes.ts';
import type {Answering} from './answering.ts';
import type {Browsers} from './browsers.ts';
import type {EvidenceFolder} from './evidence.ts';
import type {ConditionResult, VisitorRow} from './result.ts';
import type {Time} from './wait.ts';

/** What a check waits for, and for how long it has and may, in milliseconds. */
export interface Wait {
  for: Waiting['for'] | 'rollout';
  text: string;
  elapsed: number;
  bound: number;
}

/** What is known while a condition is still being looked at. */
export interface Partial {
  seen: string;
  rows?: readonly VisitorRow[];
  waiting?: Wait;
  /** How long the look may take at most, in milliseconds, where it has a limit of its own. */
  bound?: number;
}

/** One load of the page, as it was seen. */
export interface Observed {
  phase: 'settle' | 'prove';
  observation: Observation;
  right: boolean;
}

export interface CheckContext {
  kube: Kube;
  capabilities: Capabilities;
  /** Whether the proxies have taken over the configuration; undefined where nobody can tell. */
  settled?(signal: AbortSignal): Promise<boolean | undefined>;
  answering: Answering;
  browsers: Browsers;
  visits: Visits;
  processes: ProcessRunner;
  /** For conditions that run a command. */
  directory: string;
  environment(): Promise<Record<string, string>>;
  /** Loads of each visitor that prove a result. @default 10 */
  loads: number;
  time: Time;
  signal: AbortSignal;
  onProgress(partial: Partial): void;
  /** Told each load of the page, where somebody records them. */
  onLoad?(observed: Observed): void;
  /** Keeps evidence (pictures, HTML) here when set. */
  evidence?: EvidenceFolder;
  /** The learner's answers to questions, by question. */
  answer?(question: string, choices: readonly string[]): Promise<string | undefined>;
}

/** For conditions that need no cluster to be looked at. */
export type ClusterlessContext = Omit<CheckContext, 'kube'>;

/** Looks at one kind of condition. Throws WorkshopError only for what makes the condition impossible to see. */
export type Checker<K extends Condition['kind'], Context = CheckContext> = (
  condition: Condition & {kind: K},
  context: Context,
) => Promise<Omit<ConditionResult, 'milliseconds'>>;

/** The visitors' pages, open and signed in from one check to the next: opening them takes longer than a check. */
export interface Visits {
  /** @throws WorkshopError when there is no browser, or no way to the page. */
  pages(options: {
    kube: Kube;
    via: Via;
    visitors: readonly string[];
    signal: AbortSignal;
  }): Promise<ReadonlyMap<string, VisitorPage>>;
  /** Gives everything up, so that the next check begins anew: after a failure nobody knows what is stale. */
  forget(): Promise<void>;
}
