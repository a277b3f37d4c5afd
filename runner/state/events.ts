import type {EngineName} from '../catalog/lab.ts';
import type {Asked, FailureReason, Outcome, Pace, Position} from './state.ts';

/** Everything that can happen to a session, from a key press to the end of a check. */
export type Event =
  | {type: 'engine-chosen'; engine: EngineName; at: number}
  | {type: 'cluster-ready'; at: number}
  | {type: 'cluster-failed'; outcome: Outcome}
  /** Enter: does the next thing that the step shows. */
  | {type: 'advance'; at: number}
  | {type: 'check-asked'; at: number}
  | {type: 'hint-asked'}
  | {type: 'solve-asked'; until: 'step' | 'lab'; at: number}
  | {type: 'reset-asked'}
  | {type: 'go-to'; labs: readonly string[]; pace: Pace; at: number}
  /** Something outside changed an object that the step's check names. */
  | {type: 'noticed'}
  | {type: 'command-typed'; text: string}
  | {type: 'command-ended'}
  | {type: 'edit-asked'}
  /** `saved`: the file is there now, so nothing has to be written for the learner any more. */
  | {type: 'edit-ended'; block: string; saved: boolean}
  | {type: 'block-done'; block: string; at: number}
  | {type: 'block-failed'; block: string; reason: FailureReason}
  | {type: 'check-done'; block: string; verdict: 'passed' | 'failed' | 'unknown'; asked: Asked; at: number}
  | {type: 'reset-done'; at: number}
  | {type: 'reset-failed'}
  | {type: 'quit'; outcome: Outcome};

/** What the session must do next; the reducer only asks for it. */
export type Effect =
  | {type: 'prepare-cluster'; engine: EngineName; lab: string}
  | {type: 'begin-lab'; lab: string}
  | {type: 'begin-step'; position: Position}
  | {type: 'run-command'; lab: string; block: string}
  | {type: 'write-file'; lab: string; block: string}
  | {type: 'run-check'; lab: string; block: string; asked: Asked}
  | {type: 'run-own'; text: string}
  | {type: 'edit-file'; lab: string; block: string}
  /** Ends what runs at this moment, at once. */
  | {type: 'interrupt'}
  | {type: 'run-reset'; lab: string}
  | {type: 'lab-passed'; lab: string; milliseconds: number}
  | {type: 'save-progress'}
  | {type: 'stop'; outcome: Outcome};
