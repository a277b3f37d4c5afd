import type {EngineName} from '../catalog/lab.ts';

/**
 * `standing`: passed, and its result is still in the cluster. `replaced`: passed, then another lab took its place.
 * `given`: its result was in the cluster before the workshop, so it is neither done nor undone.
 */
export type LabStatus = 'standing' | 'replaced' | 'given';

export interface LabRecord {
  status: LabStatus;
  /** RFC 3339. */
  passedAt: string;
  /** Time from the lab's first step to its last check. */
  milliseconds: number;
}

/** Where in the labs somebody is: the next runnable block of a step. */
export interface Position {
  lab: string;
  step: number;
  /** Index into the step's runnable blocks for this engine; equal to their number at the step's end. */
  block: number;
}

/** What survives the app: written after every change. */
export interface Progress {
  labs: Readonly<Record<string, LabRecord>>;
  position?: Position;
}

/** Who wanted a check: the flow of the step, the learner, or something that was noticed. */
export type Asked = 'flow' | 'learner' | 'noticed';

export type FailureReason = 'command' | 'file' | 'check' | 'unknown';

/** Phases in which nothing runs: a key press starts the next thing. */
export type RestPhase =
  /** The next block waits for the learner. */
  | {name: 'reading'}
  /** A command, a file or a check did not do what it should; the block can be tried again. */
  | {name: 'failed'; block: string; reason: FailureReason}
  /** The step is done; the next one waits for the learner. */
  | {name: 'passed'};

export type Phase =
  | RestPhase
  | {name: 'running'; block: string}
  | {name: 'writing'; block: string}
  | {name: 'checking'; block: string; asked: Asked; before: RestPhase}
  | {name: 'resetting'}
  /** It is being found out how much of a lab that was begun before is true. */
  | {name: 'looking'}
  /** A command of the learner's own; afterwards everything is as it was before. */
  | {name: 'own-command'; before: RestPhase}
  /** The learner's editor has the terminal. */
  | {name: 'editing'; block: string; before: RestPhase};

/**
 * Who presses Enter: the learner, or we for them until the end of the step, of the lab or of the whole queue, or
 * until the last lab of the queue begins.
 */
export type Pace =
  | {kind: 'learner'}
  | {
      kind: 'solving';
      until: 'step' | 'lab' | 'queue' | 'last-lab';
      /** In a queue: when a lab fails, those that do not stand on it are still done. */
      goesOn?: boolean;
    };

export interface InStep {
  situation: 'in-step';
  engine: EngineName;
  progress: Progress;
  position: Position;
  phase: Phase;
  pace: Pace;
  /** Labs still to be done after this one, by id. */
  queue: readonly string[];
  /** Labs of the queue that are undone before they are done, by id. */
  again?: readonly string[];
  /** A lab of the queue that is behind us has not passed: what the whole of it comes to. */
  missed?: Missed;
  /** The lab was begun before, so what stands of it may be what hinders it. */
  wentOn?: true;
  /** When the current lab's first step began, in milliseconds since the epoch. */
  startedAt: number;
  hintsShown: number;
}

/** What becomes of a queue in which a lab has not passed; a failure outweighs what could not be seen. */
export type Missed = 'failed' | 'unknown';

/** Where to go once the cluster answers. */
export interface Goal {
  position: Position;
  pace: Pace;
  queue: readonly string[];
  again?: readonly string[];
}

export type State =
  | {situation: 'choosing-engine'; progress: Progress}
  | {situation: 'preparing-cluster'; engine: EngineName; progress: Progress; goal: Goal}
  /** It could not be prepared; the learner may mend what is wrong and try again. */
  | {situation: 'cluster-unreachable'; engine: EngineName; progress: Progress; goal: Goal}
  | InStep
  | {situation: 'finished'; engine: EngineName; progress: Progress}
  | {situation: 'stopped'; progress: Progress; outcome: Outcome};

/** How a session ended: what the exit code is made of. */
export type Outcome = 'passed' | 'failed' | 'unknown' | 'quit' | 'interrupted';
