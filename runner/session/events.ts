import type {EngineName, Lab} from '../catalog/lab.ts';
import type {Observed, Wait} from '../checks/context.ts';
import type {ConditionResult} from '../checks/result.ts';
import type {TrafficLoad} from '../checks/traffic.ts';
import type {Detection} from '../engines/port.ts';
import type {WorkshopError} from '../errors.ts';
import type {Outcome, State} from '../state/state.ts';
import type {LastRouted, Routed} from './routed.ts';

/** The block id of a command that the learner typed. */
export const ownCommand = 'own';

export interface LabSummary {
  lab: string;
  number: number;
  title: string;
  verdict: 'passed' | 'failed' | 'unknown' | 'not-run';
  milliseconds: number;
}

/** `down`: it ended by itself and is being started again. */
export type BackgroundState = 'up' | 'down' | 'stopped';

export interface EngineChoice {
  engine: EngineName;
  /** Absent while it is being looked at. */
  detection?: Detection;
}

/** Everything that a view may show, in the order in which it happens; `--json` prints them as they are. */
export type SessionEvent =
  | {
      type: 'session-started';
      workshop: string;
      engine: string;
      simulated: boolean;
      /** Absent where nothing is written for anybody. */
      workFolder?: string;
      labs: readonly string[];
    }
  | {type: 'engines-found'; engines: readonly EngineChoice[]}
  | {type: 'state-changed'; state: State}
  /** What a wait that takes longer is for: a pod and its last event. */
  | {type: 'waiting'; text: string; for?: Wait['for']; elapsed?: number; bound?: number}
  | {type: 'cluster-progress'; text: string}
  /** What everybody who works in the cluster has to know of it. */
  | {type: 'cluster-notice'; text: string}
  | {type: 'lab-started'; lab: Lab}
  | {type: 'step-started'; lab: Lab; step: number}
  | {type: 'command-started'; lab: string; block: string; text: string; background: boolean}
  | {type: 'command-output'; block: string; text: string; stream: 'stdout' | 'stderr'}
  | {
      type: 'command-finished';
      block: string;
      exitCode: number;
      wanted: number;
      ok: boolean;
      background: boolean;
      timedOut: boolean;
      cancelled: boolean;
      milliseconds: number;
      /** Why it is not ok, in one sentence. */
      problem?: string;
      /** Why it is ok although it failed: what stood already, and what was made of that. */
      remark?: string;
    }
  /** A change of the mesh that a command made has reached the last of its proxies. */
  | ({type: 'routed'; block: string} & Routed)
  | {
      type: 'file-written';
      block: string;
      name: string;
      path: string;
      change: 'created' | 'updated' | 'unchanged';
      backup?: string;
      diff?: string;
    }
  /** What has become of a command that goes on in the background. */
  | {type: 'background-changed'; command: string; state: BackgroundState}
  | {type: 'file-edited'; block: string; name: string; asShown: boolean}
  /** How the learner's file stands to the lab's; `diff` goes from the lab's text to theirs. */
  | {
      type: 'file-seen';
      block: string;
      name: string;
      state: 'absent' | 'as-shown' | 'differs';
      diff?: string;
    }
  | {type: 'check-started'; lab: string; block: string; labels: readonly string[]; quiet: boolean}
  | {type: 'condition-progress'; block: string; index: number; seen: string; rows?: ConditionResult['rows']}
  /** One load of the page in a check; told only where somebody records all of them. */
  | ({type: 'observed'; block: string; index: number} & Observed)
  | {type: 'condition-finished'; block: string; index: number; result: ConditionResult; quiet: boolean}
  | {
      type: 'check-finished';
      lab: string;
      block: string;
      verdict: 'passed' | 'failed' | 'unknown';
      milliseconds: number;
      quiet: boolean;
      /** How long the last change of the mesh took to all of its proxies, where that is known. */
      routed?: LastRouted;
    }
  | {type: 'traffic'; load: TrafficLoad}
  | {type: 'lab-passed'; lab: string; milliseconds: number}
  | {type: 'reset-finished'; lab: string; ok: boolean}
  | {type: 'problem'; error: WorkshopError}
  | {type: 'note'; text: string}
  /** A run has removed what it made; `left` names what of it is still there. */
  | {type: 'cleanup-finished'; left: readonly string[]}
  /** What is at work, by name: `kubernetes`, `istio`, `browser`; told anew when more of it is known. */
  | {type: 'versions'; versions: Readonly<Record<string, string>>}
  | {type: 'session-finished'; outcome: Outcome; labs: readonly LabSummary[]; milliseconds: number};

/** A view listens; it never starts work. */
export interface View {
  event(event: SessionEvent): void;
  /** Gives the terminal to another program (an editor) for the time of `work`. */
  lend?<T>(work: () => Promise<T>): Promise<T>;
  /** Leaves the terminal as it was. */
  close(): Promise<void>;
}
