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
  /** `again`: those of the labs that are undone first. */
  | {type: 'go-to'; labs: readonly string[]; pace: Pace; again?: readonly string[]; at: number}
  /** Something outside changed an object that the step's check names. */
  | {type: 'noticed'}
  | {type: 'command-typed'; text: string}
  | {type: 'command-ended'}
  | {type: 'edit-asked'}
  /** `saved`: the file is there now, so nothing has to be written for the learner any more. */
  | {type: 'edit-ended'; block: string; saved: boolean}
  | {type: 'block-done'; block: string; at: number}
  | {type: 'block-failed'; block: string; reason: FailureReason; at?: number}
  | {type: 'check-done'; block: string; verdict: 'passed' | 'failed' | 'unknown'; asked: Asked; at: number}
  /** How much of a lab is true: all of it, or what comes before a step; nobody knows when the look was given up. */
  | {type: 'looked'; lab: string; goesOnAt: number | 'end' | 'given-up'; at: number}
  | {type: 'reset-done'; at: number}
  | {type: 'reset-failed'}
  | {type: 'quit'; outcome: Outcome};

/** Why a lab is undone: somebody wants it, or what stands of it does not lead to its end. */
export type ResetReason = 'asked' | 'no-way-on';

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
  | {type: 'run-reset'; lab: string; why: ResetReason}
  | {type: 'look-at-lab'; lab: string}
  /** Goes on with a lab that was begun before, at a step; at its end nothing is left to be done. */
  | {type: 'went-on'; lab: string; goesOnAt: number | 'end'}
  | {type: 'lab-passed'; lab: string; milliseconds: number}
  | {type: 'save-progress'}
  | {type: 'stop'; outcome: Outcome};
